@NullMarked
package io.sallyport.agent.forward;

import org.jspecify.annotations.NullMarked;
