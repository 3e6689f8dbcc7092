package io.sallyport.copy.ftp;

import io.sallyport.copy.remote.Address;
import io.sallyport.copy.remote.Address.Scheme;
import io.sallyport.copy.remote.Checksum;
import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.CopyException.Kind;
import io.sallyport.copy.remote.Faults;
import io.sallyport.copy.remote.Remote;
import io.sallyport.copy.remote.RemoteFile;
import io.sallyport.copy.remote.Settings;
import io.sallyport.copy.remote.TlsTrust;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;

/**
 * FTP and FTPS. A URL's path begins where the login leads to, or with a second slash at the
 * server's root. Data connections go to the server's name or address that was given, whatever
 * address it announces.
 */
public final class FtpRemote implements Remote {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final DateTimeFormatter FACT_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(ZoneOffset.UTC);

    /** Commands that make checksums, the best first, and what they make. */
    private static final Map<String, String> CHECKSUMS = new LinkedHashMap<>();

    static {
        CHECKSUMS.put("XSHA512", "SHA-512");
        CHECKSUMS.put("XSHA256", "SHA-256");
        CHECKSUMS.put("HASH", "SHA-256");
        CHECKSUMS.put("XSHA1", "SHA-1");
        CHECKSUMS.put("XMD5", "MD5");
        CHECKSUMS.put("MD5", "MD5");
    }

    private static final Map<String, Integer> HEX_DIGITS =
            Map.of("SHA-512", 128, "SHA-256", 64, "SHA-1", 40, "MD5", 32);

    private final FTPClient ftp;

    private FtpRemote(FTPClient ftp) {
        this.ftp = ftp;
    }

    public static FtpRemote open(Address address, Settings settings) throws IOException {
        FTPClient ftp = client(address.scheme(), settings);
        var remote = new FtpRemote(ftp);
        try {
            remote.connect(address, settings);
            remote.logIn(address, settings);
            remote.prepare(address, settings);
            return remote;
        } catch (IOException | RuntimeException failure) {
            remote.abort();
            throw failure;
        }
    }

    private static FTPClient client(Scheme scheme, Settings settings) throws CopyException {
        return scheme == Scheme.FTP
                ? new FTPClient()
                : new SecureFtp(
                        scheme == Scheme.FTPS_IMPLICIT,
                        TlsTrust.context(settings.trust().authorities()));
    }

    private void connect(Address address, Settings settings) throws CopyException {
        int idleMillis = (int) Math.min(settings.idleTimeout().toMillis(), Integer.MAX_VALUE);
        try {
            ftp.setSocketFactory(settings.route().sockets());
            ftp.setServerSocketFactory(settings.route().listeners(address.host()));
            ftp.setConnectTimeout(
                    (int) Math.min(settings.connectTimeout().toMillis(), Integer.MAX_VALUE));
            ftp.setDefaultTimeout(idleMillis);
            ftp.setDataTimeout(settings.idleTimeout());
            ftp.setControlEncoding(StandardCharsets.UTF_8);
            ftp.setBufferSize(BUFFER_BYTES);
            ftp.connect(address.host(), address.port());
            ftp.setKeepAlive(true);
            if (!FTPReply.isPositiveCompletion(ftp.getReplyCode())) {
                throw new CopyException(
                        Kind.UNREACHABLE, address.server() + " is not ready: " + reply());
            }
        } catch (IOException failure) {
            throw Faults.connecting(address.server(), failure);
        }
    }

    private void logIn(Address address, Settings settings) throws IOException {
        @Nullable String user = address.user();
        String name = user == null ? "anonymous" : user;
        String password =
                user == null
                        ? "anonymous@"
                        : settings.secrets()
                                .password(user + "@" + address.server())
                                .orElseThrow(() ->
                                        new CopyException(
                                                Kind.LOGIN_REFUSED,
                                                "no password for %s at %s: set SALLYPORT_PASSWORD"
                                                        .formatted(user, address.server())));
        if (!ftp.login(name, password)) {
            throw new CopyException(
                    Kind.LOGIN_REFUSED,
                    "%s does not accept the login of %s: %s"
                            .formatted(address.server(), name, reply()));
        }
    }

    private void prepare(Address address, Settings settings) throws IOException {
        if (ftp instanceof SecureFtp secure) {
            secure.protectData(settings.route(), address.host());
        }
        must(ftp.setFileType(FTP.BINARY_FILE_TYPE), "binary transfer");
        if (ftp.hasFeature("UTF8")) {
            ftp.sendCommand("OPTS", "UTF8 ON");
        }
        if (settings.activeFtp()) {
            ftp.enterLocalActiveMode();
        } else {
            ftp.setUseEPSVwithIPv4(true);
            ftp.enterLocalPassiveMode();
        }
    }

    private static String serverPath(String path) {
        return path.isEmpty() ? "." : path;
    }

    private String reply() {
        String text = ftp.getReplyString();
        return text == null ? "no answer" : text.strip().replaceAll("\\s+", " ");
    }

    private void must(boolean done, String what) throws IOException {
        if (!done) {
            throw new IOException("the server refuses " + what + ": " + reply());
        }
    }

    @Override
    public boolean can(Ability ability) {
        return true;
    }

    @Override
    public List<RemoteFile> list(String folder) throws IOException {
        boolean facts = ftp.hasFeature("MLST");
        FTPFile[] files =
                facts ? ftp.mlistDir(serverPath(folder)) : ftp.listFiles(serverPath(folder));
        must(FTPReply.isPositiveCompletion(ftp.getReplyCode()), "the listing of " + folder);
        var described = new ArrayList<RemoteFile>();
        for (FTPFile file : files) {
            // Null stands for a line that Commons Net does not understand.
            if (file != null && !file.getName().equals(".") && !file.getName().equals("..")) {
                // The times of LIST are in the server's zone, and coarse.
                described.add(described(file, facts));
            }
        }
        return described;
    }

    private static RemoteFile described(FTPFile file, boolean exactTime) {
        String name = file.getName();
        return new RemoteFile(
                name.substring(name.lastIndexOf('/') + 1),
                file.isDirectory(),
                file.getSize(),
                exactTime && file.getTimestamp() != null ? file.getTimestampInstant() : null);
    }

    @Override
    public Optional<RemoteFile> find(String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (ftp.hasFeature("MLST")) {
            @Nullable FTPFile file = ftp.mlistFile(serverPath(path));
            return Optional.ofNullable(file)
                    .map(one -> described(one, true))
                    .map(one -> new RemoteFile(name, one.isFolder(), one.bytes(), one.modified()));
        }
        @Nullable String size = ftp.getSize(path);
        if (size != null) {
            return Optional.of(
                    new RemoteFile(
                            name, false, Long.parseLong(size.strip()), ftp.mdtmInstant(path)));
        }
        return isFolder(path)
                ? Optional.of(new RemoteFile(name, true, -1, null))
                : Optional.empty();
    }

    private boolean isFolder(String path) throws IOException {
        @Nullable String here = ftp.printWorkingDirectory();
        if (here == null || !ftp.changeWorkingDirectory(serverPath(path))) {
            return false;
        }
        must(ftp.changeWorkingDirectory(here), "the way back to " + here);
        return true;
    }

    @Override
    public void read(String path, long offset, OutputStream into) throws IOException {
        ftp.setRestartOffset(offset);
        try (InputStream in = ftp.retrieveFileStream(path)) {
            must(in != null, "to send " + path);
            in.transferTo(into);
        }
        must(ftp.completePendingCommand(), "to say that all was sent");
    }

    @Override
    public void write(String path, long offset, InputStream from, long bytes) throws IOException {
        try (OutputStream out =
                offset > 0 ? ftp.appendFileStream(path) : ftp.storeFileStream(path)) {
            must(out != null, "to take " + path);
            from.transferTo(out);
            out.flush();
            if (ftp instanceof SecureFtp secure) {
                secure.endUpload();
            }
        }
        must(ftp.completePendingCommand(), "to say that all was stored");
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (!ftp.rename(from, to)) {
            // Some servers do not replace what is there.
            String first = reply();
            if (!ftp.deleteFile(to) || !ftp.rename(from, to)) {
                throw new IOException("the server does not rename to " + to + ": " + first);
            }
        }
    }

    @Override
    public void makeFolder(String path) throws IOException {
        if (!ftp.makeDirectory(path)) {
            String refusal = reply();
            if (!isFolder(path)) {
                throw new IOException("the server makes no folder " + path + ": " + refusal);
            }
        }
    }

    @Override
    public void delete(String path) throws IOException {
        must(ftp.deleteFile(path), "to delete " + path);
    }

    @Override
    public void setModified(String path, Instant modified) throws IOException {
        if (ftp.hasFeature("MFMT")) {
            ftp.setModificationTime(path, FACT_TIME.format(modified));
        }
    }

    @Override
    public Optional<Checksum> checksum(String path) throws IOException {
        for (var way : CHECKSUMS.entrySet()) {
            if (ftp.hasFeature(way.getKey())) {
                if (way.getKey().equals("HASH")) {
                    ftp.sendCommand("OPTS", "HASH SHA-256");
                }
                boolean made = FTPReply.isPositiveCompletion(ftp.sendCommand(way.getKey(), path));
                return made ? inReply(way.getValue()) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Optional<Checksum> inReply(String algorithm) {
        var digits =
                Pattern.compile(
                                "(?<![0-9A-Za-z])[0-9A-Fa-f]{%d}(?![0-9A-Za-z])"
                                        .formatted(HEX_DIGITS.get(algorithm)))
                        .matcher(reply());
        return digits.find()
                ? Optional.of(new Checksum(algorithm, digits.group()))
                : Optional.empty();
    }

    @Override
    public void abort() {
        try {
            ftp.disconnect();
        } catch (IOException alreadyGone) {
            return;
        }
    }

    @Override
    public void close() {
        try {
            if (ftp.isConnected()) {
                ftp.quit();
            }
        } catch (IOException alreadyGone) {
            // Nothing was under way.
        } finally {
            abort();
        }
    }
}
