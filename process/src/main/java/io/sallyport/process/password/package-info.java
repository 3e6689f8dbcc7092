/** Passwords as configuration files hold them: never in the clear. */
@NullMarked
package io.sallyport.process.password;

import org.jspecify.annotations.NullMarked;
