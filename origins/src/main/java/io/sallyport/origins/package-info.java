/**
 * Real servers over one folder, for the demo and for tests: SFTP and SCP, HTTP and HTTPS, FTP and
 * FTPS.
 */
@NullMarked
package io.sallyport.origins;

import org.jspecify.annotations.NullMarked;
