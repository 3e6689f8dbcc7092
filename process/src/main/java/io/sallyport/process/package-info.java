/** What gateway and agent share as processes: configuration files, logging, status, signals. */
@NullMarked
package io.sallyport.process;

import org.jspecify.annotations.NullMarked;
