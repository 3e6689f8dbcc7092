/** What agent.yaml says. */
@NullMarked
package io.sallyport.agent.config;

import org.jspecify.annotations.NullMarked;
