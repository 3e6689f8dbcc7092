/** What commands of gateway and agent have in common. */
@NullMarked
package io.sallyport.process.command;

import org.jspecify.annotations.NullMarked;
