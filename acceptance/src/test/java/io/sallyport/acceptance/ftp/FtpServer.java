package io.sallyport.acceptance.ftp;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A real FTP server that shows one folder to one user. */
public interface FtpServer extends AutoCloseable {
    /** Where it takes control connections. */
    InetSocketAddress address();

    /** The folder that the user sees as {@code /}; only its sub-folder {@link #FILES} is his. */
    Path folder();

    String user();

    String password();

    @Override
    void close();

    /**
     * The folder that every server lets its user write to; vsftpd refuses to run with a root so.
     */
    String FILES = "files";
}
