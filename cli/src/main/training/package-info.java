/** What gateway and agent carry while their caches are trained; run from its source by the start script. */
@NullMarked
package training;

import org.jspecify.annotations.NullMarked;
