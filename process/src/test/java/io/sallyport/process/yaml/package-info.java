@NullMarked
package io.sallyport.process.yaml;

import org.jspecify.annotations.NullMarked;
