/** The process in the private network: owns the configuration and dials out. */
@NullMarked
package io.sallyport.agent;

import org.jspecify.annotations.NullMarked;
