/** Data connections beside sessions: what FTP needs, without knowing FTP. */
@NullMarked
package io.sallyport.gateway.data;

import org.jspecify.annotations.NullMarked;
