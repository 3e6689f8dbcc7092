/** Real FTP servers and clients, and everything that can be asked of one by the other. */
@NullMarked
package io.sallyport.acceptance.ftp;

import org.jspecify.annotations.NullMarked;
