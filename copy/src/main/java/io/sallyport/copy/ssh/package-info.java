/** SFTP and SCP, by Apache MINA SSHD. */
@NullMarked
package io.sallyport.copy.ssh;

import org.jspecify.annotations.NullMarked;
