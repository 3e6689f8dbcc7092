/** What gateway.yaml says. */
@NullMarked
package io.sallyport.gateway.config;

import org.jspecify.annotations.NullMarked;
