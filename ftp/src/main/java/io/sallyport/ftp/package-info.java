/** FTP's control conversation (RFC 959, 2228, 2428, 4217), followed and rewritten. No I/O here. */
@NullMarked
package io.sallyport.ftp;

import org.jspecify.annotations.NullMarked;
