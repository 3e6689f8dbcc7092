/** What the agent publishes. */
@NullMarked
package io.sallyport.agent.service;

import org.jspecify.annotations.NullMarked;
