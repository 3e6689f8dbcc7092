package io.sallyport.copy.ssh;

import io.sallyport.copy.remote.Address;
import io.sallyport.copy.remote.Checksum;
import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.Remote;
import io.sallyport.copy.remote.RemoteFile;
import io.sallyport.copy.remote.Settings;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.sshd.scp.client.ScpClient;
import org.apache.sshd.scp.client.ScpClientCreator;
import org.jspecify.annotations.Nullable;

/**
 * The bytes by SCP, and all else by SFTP where the server has that, too; SCP itself can't tell what
 * is there, rename, or begin in the middle of a file.
 */
public final class ScpRemote implements Remote {
    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9_./,:=@%+-]+");

    private final SshConnection connection;
    private final ScpClient scp;
    private final @Nullable SftpRemote sftp;

    private ScpRemote(SshConnection connection, ScpClient scp, @Nullable SftpRemote sftp) {
        this.connection = connection;
        this.scp = scp;
        this.sftp = sftp;
    }

    public static ScpRemote open(Address address, Settings settings) throws IOException {
        SshConnection connection = SshConnection.open(address, settings);
        try {
            var scp = ScpClientCreator.instance().createScpClient(connection.session());
            return new ScpRemote(connection, scp, sftpIfThere(connection));
        } catch (RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    private static @Nullable SftpRemote sftpIfThere(SshConnection connection) {
        try {
            return SftpRemote.over(connection);
        } catch (IOException notOffered) {
            return null;
        }
    }

    /** As the shell takes it, at the other end of which scp runs. */
    static String shellWord(String path) {
        String serverPath = SftpRemote.serverPath(path);
        return NEEDS_NO_QUOTES.matcher(serverPath).matches()
                ? serverPath
                : "'" + serverPath.replace("'", "'\\''") + "'";
    }

    @Override
    public boolean can(Ability ability) {
        return switch (ability) {
            case FOLDERS, RENAME -> sftp != null;
            case RESUME_DOWNLOAD, RESUME_UPLOAD -> false;
        };
    }

    @Override
    public void read(String path, long offset, OutputStream into) throws IOException {
        scp.download(shellWord(path), new KeptOpen(into));
    }

    /** MINA closes what it has written to, which is not its to close. */
    private static final class KeptOpen extends FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }

    @Override
    public void write(String path, long offset, InputStream from, long bytes) throws IOException {
        scp.upload(
                from,
                shellWord(path),
                bytes,
                EnumSet.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.GROUP_READ,
                        PosixFilePermission.OTHERS_READ),
                null);
    }

    private SftpRemote sftp() throws CopyException {
        if (sftp == null) {
            throw CopyException.failed(
                    "the server has no SFTP, and SCP alone can't list, rename or make folders");
        }
        return sftp;
    }

    @Override
    public List<RemoteFile> list(String folder) throws IOException {
        return sftp().list(folder);
    }

    /** Without SFTP a file that nothing is known of, so that a download can be tried. */
    @Override
    public Optional<RemoteFile> find(String path) throws IOException {
        return sftp == null
                ? Optional.of(
                        new RemoteFile(path.substring(path.lastIndexOf('/') + 1), false, -1, null))
                : sftp.find(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        sftp().rename(from, to);
    }

    @Override
    public void makeFolder(String path) throws IOException {
        sftp().makeFolder(path);
    }

    @Override
    public void delete(String path) throws IOException {
        sftp().delete(path);
    }

    @Override
    public void setModified(String path, Instant modified) throws IOException {
        if (sftp != null) {
            sftp.setModified(path, modified);
        }
    }

    @Override
    public Optional<Checksum> checksum(String path) throws IOException {
        return sftp == null ? Optional.empty() : sftp.checksum(path);
    }

    @Override
    public void abort() {
        connection.abort();
    }

    @Override
    public void close() {
        connection.close();
    }
}
