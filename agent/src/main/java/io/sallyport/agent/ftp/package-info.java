/** What the agent does about FTP's data connections. */
@NullMarked
package io.sallyport.agent.ftp;

import org.jspecify.annotations.NullMarked;
