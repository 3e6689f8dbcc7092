/** The log: events with fields, as readable lines or as JSON. */
@NullMarked
package io.sallyport.process.log;

import org.jspecify.annotations.NullMarked;
