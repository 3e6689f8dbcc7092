/** Configuration files: YAML in which every fault is found and told with its place. */
@NullMarked
package io.sallyport.process.yaml;

import org.jspecify.annotations.NullMarked;
