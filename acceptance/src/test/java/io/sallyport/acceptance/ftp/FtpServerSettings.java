package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.product.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * How a server is to be started.
 *
 * @param directory the server's own, for its configuration, its logs and the folder that it shows
 * @param address the address that it listens on, for data connections too
 * @param advertised the address that it announces for passive data connections
 * @param firstPassivePort the first of its {@link #PASSIVE_PORTS} ports for data connections
 */
public record FtpServerSettings(
        Path directory,
        InetAddress address,
        InetAddress advertised,
        int firstPassivePort,
        FtpTls tls,
        ServerIdentity identity) {
    public static final int PASSIVE_PORTS = 60;

    /** Settings of a server with a directory and ports of its own. */
    public static FtpServerSettings of(
            Path parent, InetAddress address, FtpTls tls, ServerIdentity identity) {
        try {
            // The server's user comes from outside and must get through to the folder.
            Path directory = Files.createTempDirectory(parent, "ftp-server");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path folder = Files.createDirectory(directory.resolve("root"));
            openToAll(Files.createDirectory(folder.resolve(FtpServer.FILES)));
            return new FtpServerSettings(
                    directory, address, address, Ports.freeRange(PASSIVE_PORTS), tls, identity);
        } catch (IOException cannotPrepare) {
            throw new UncheckedIOException(cannotPrepare);
        }
    }

    /** The same, announcing another address: that of a gateway in front of it. */
    public FtpServerSettings advertising(InetAddress other) {
        return new FtpServerSettings(directory, address, other, firstPassivePort, tls, identity);
    }

    public int lastPassivePort() {
        return firstPassivePort + PASSIVE_PORTS - 1;
    }

    /** The range as configurations write it. */
    public String passivePorts() {
        return firstPassivePort + "-" + lastPassivePort();
    }

    Path folder() {
        return directory.resolve("root");
    }

    String host() {
        return address.getHostAddress();
    }

    boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    /** Lets every user of this host through, as servers do not run as the test's user. */
    public static Path reachable(Path directory) {
        try {
            return Files.setPosixFilePermissions(
                    directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException cannotOpen) {
            throw new UncheckedIOException(cannotOpen);
        }
    }

    /** Lets every user of this host write to it. */
    static Path openToAll(Path path) {
        try {
            return Files.setPosixFilePermissions(
                    path,
                    PosixFilePermissions.fromString(
                            Files.isDirectory(path) ? "rwxrwxrwx" : "rw-rw-rw-"));
        } catch (IOException cannotOpen) {
            throw new UncheckedIOException(cannotOpen);
        }
    }
}
