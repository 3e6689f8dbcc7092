@NullMarked
package io.sallyport.cli.pki;

import org.jspecify.annotations.NullMarked;
