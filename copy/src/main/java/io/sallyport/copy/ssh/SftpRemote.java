package io.sallyport.copy.ssh;

import static org.apache.sshd.sftp.client.SftpClient.OpenMode.Create;
import static org.apache.sshd.sftp.client.SftpClient.OpenMode.Truncate;
import static org.apache.sshd.sftp.client.SftpClient.OpenMode.Write;

import io.sallyport.copy.remote.Address;
import io.sallyport.copy.remote.Checksum;
import io.sallyport.copy.remote.Remote;
import io.sallyport.copy.remote.RemoteFile;
import io.sallyport.copy.remote.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.CopyMode;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.client.extensions.CheckFileNameExtension;
import org.apache.sshd.sftp.client.extensions.MD5FileExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHFsyncExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.client.impl.AbstractSftpClient;
import org.apache.sshd.sftp.client.impl.SftpOutputStreamAsync;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/**
 * SFTP. A URL's path begins at the server's root, or with {@code ~/} in the home of the user. Many
 * requests are on their way at once, as many as fit the window of the connection.
 */
public final class SftpRemote implements Remote {
    /** What every server takes in one request. */
    private static final int REQUEST_BYTES = 32 * 1024;

    private final SshConnection connection;
    private final SftpClient sftp;

    private SftpRemote(SshConnection connection, SftpClient sftp) {
        this.connection = connection;
        this.sftp = sftp;
    }

    public static SftpRemote open(Address address, Settings settings) throws IOException {
        SshConnection connection = SshConnection.open(address, settings);
        try {
            return over(connection);
        } catch (IOException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    static SftpRemote over(SshConnection connection) throws IOException {
        return new SftpRemote(
                connection, SftpClientFactory.instance().createSftpClient(connection.session()));
    }

    /** What the server calls it. */
    static String serverPath(String path) {
        if (path.equals("~") || path.startsWith("~/")) {
            return path.length() <= 2 ? "." : path.substring(2);
        }
        return "/" + path;
    }

    @Override
    public boolean can(Ability ability) {
        return true;
    }

    @Override
    public List<RemoteFile> list(String folder) throws IOException {
        var files = new ArrayList<RemoteFile>();
        for (var entry : sftp.readEntries(serverPath(folder))) {
            if (!entry.getFilename().equals(".") && !entry.getFilename().equals("..")) {
                files.add(described(entry.getFilename(), entry.getAttributes()));
            }
        }
        return files;
    }

    @Override
    public Optional<RemoteFile> find(String path) throws IOException {
        try {
            String name = path.substring(path.lastIndexOf('/') + 1);
            return Optional.of(described(name, sftp.stat(serverPath(path))));
        } catch (SftpException failure) {
            if (failure.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static RemoteFile described(String name, Attributes attributes) {
        @Nullable FileTime modified = attributes.getModifyTime();
        return new RemoteFile(
                name,
                attributes.isDirectory(),
                attributes.getFlags().contains(SftpClient.Attribute.Size)
                        ? attributes.getSize()
                        : -1,
                modified == null ? null : modified.toInstant());
    }

    @Override
    public void read(String path, long offset, OutputStream into) throws IOException {
        try (InputStream in = sftp.read(serverPath(path), REQUEST_BYTES, Set.of(OpenMode.Read))) {
            if (offset > 0) {
                in.skipNBytes(offset);
            }
            in.transferTo(into);
        }
    }

    @Override
    public void write(String path, long offset, InputStream from, long bytes) throws IOException {
        Set<OpenMode> modes = offset > 0 ? Set.of(Write, Create) : Set.of(Write, Create, Truncate);
        try (CloseableHandle file = sftp.open(serverPath(path), modes)) {
            if (offset > 0) {
                sftp.setStat(file, new Attributes().size(offset));
            }
            try (var out =
                    new SftpOutputStreamAsync(
                            (AbstractSftpClient) sftp,
                            REQUEST_BYTES,
                            serverPath(path),
                            file,
                            false)) {
                out.setOffset(offset);
                from.transferTo(out);
            }
            var fsync = sftp.getExtension(OpenSSHFsyncExtension.class);
            if (fsync != null && fsync.isSupported()) {
                fsync.fsync(file);
            }
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        var posix = sftp.getExtension(OpenSSHPosixRenameExtension.class);
        if (posix != null && posix.isSupported()) {
            posix.posixRename(serverPath(from), serverPath(to));
        } else if (sftp.getVersion() >= SftpConstants.SFTP_V5) {
            sftp.rename(serverPath(from), serverPath(to), CopyMode.Overwrite);
        } else {
            // Version 3 has no word for it.
            if (find(to).isPresent()) {
                delete(to);
            }
            sftp.rename(serverPath(from), serverPath(to));
        }
    }

    @Override
    public void makeFolder(String path) throws IOException {
        if (find(path).isEmpty()) {
            sftp.mkdir(serverPath(path));
        }
    }

    @Override
    public void delete(String path) throws IOException {
        sftp.remove(serverPath(path));
    }

    @Override
    public void setModified(String path, Instant modified) throws IOException {
        FileTime time = FileTime.from(modified);
        sftp.setStat(serverPath(path), new Attributes().modifyTime(time).accessTime(time));
    }

    @Override
    public Optional<Checksum> checksum(String path) throws IOException {
        try {
            var checkFile = sftp.getExtension(CheckFileNameExtension.class);
            if (checkFile != null && checkFile.isSupported()) {
                var answer =
                        checkFile.checkFileName(
                                serverPath(path), List.of("sha256", "sha512", "md5"), 0, 0, 0);
                return Optional.of(
                        new Checksum(
                                algorithm(answer.getKey()),
                                HexFormat.of().formatHex(answer.getValue().iterator().next())));
            }
            var md5 = sftp.getExtension(MD5FileExtension.class);
            if (md5 != null && md5.isSupported()) {
                byte[] hash = md5.getHash(serverPath(path), 0, 0, new byte[0]);
                return Optional.of(new Checksum("MD5", HexFormat.of().formatHex(hash)));
            }
        } catch (SftpException unwilling) {
            // Offered, but not done for this file.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static String algorithm(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith("sha")
                ? "SHA-" + name.substring(3)
                : name.toUpperCase(Locale.ROOT);
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
