/**
 * Where forward sessions may lead: what agents and gateways check alike, each by its own policy.
 */
@NullMarked
package io.sallyport.process.destination;

import org.jspecify.annotations.NullMarked;
