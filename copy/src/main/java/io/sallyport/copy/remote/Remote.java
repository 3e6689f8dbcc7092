package io.sallyport.copy.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A server with files, logged in to. Used by one thread, but for {@link #abort}. Paths are the ones
 * of its URLs.
 */
public interface Remote extends AutoCloseable {

    /** What a protocol, or this server, is able to do. */
    enum Ability {
        /** Folders can be listed and made. */
        FOLDERS,
        /** Files can be renamed, so that an upload can have a temporary name. */
        RENAME,
        /** A download can begin in the middle of a file. */
        RESUME_DOWNLOAD,
        /** An upload can begin in the middle of a file. */
        RESUME_UPLOAD
    }

    boolean can(Ability ability);

    /** The files and folders in a folder, without itself and its parent. */
    List<RemoteFile> list(String folder) throws IOException;

    /** What is there under that path; empty if nothing is. */
    Optional<RemoteFile> find(String path) throws IOException;

    /**
     * Reads a file from an offset to its end. Returns only when the server said, in the way of the
     * protocol, that this was all.
     */
    void read(String path, long offset, OutputStream into) throws IOException;

    /**
     * Writes a file from an offset on; what was there from the offset on is lost. Returns only when
     * the server has confirmed all of it, on its disk where the protocol has a word for that.
     *
     * @param bytes how many are to be written
     */
    void write(String path, long offset, InputStream from, long bytes) throws IOException;

    /** Renames, in place of what was there. */
    void rename(String from, String to) throws IOException;

    /** Makes a folder; nothing happens if there is one. */
    void makeFolder(String path) throws IOException;

    void delete(String path) throws IOException;

    /** Sets the modification time, where the protocol can. */
    void setModified(String path, Instant modified) throws IOException;

    /** A checksum that the server makes of the file; empty if it makes none. */
    Optional<Checksum> checksum(String path) throws IOException;

    /** Ends the connections at once: what is being done with them fails. For any thread. */
    void abort();

    @Override
    void close();
}
