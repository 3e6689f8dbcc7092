/** FTP and FTPS, by Apache Commons Net. */
@NullMarked
package io.sallyport.copy.ftp;

import org.jspecify.annotations.NullMarked;
