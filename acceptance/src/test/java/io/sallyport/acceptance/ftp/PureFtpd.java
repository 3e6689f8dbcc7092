package io.sallyport.acceptance.ftp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.peer.Server;
import io.sallyport.acceptance.product.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real pure-ftpd with a user of its own. It has no implicit TLS, and runs only as root. */
final class PureFtpd implements FtpServer {
    private static final String USER = "partner";
    private static final String PASSWORD = "open-sesame";

    private final FtpServerSettings settings;
    private final Server server;

    private PureFtpd(FtpServerSettings settings, Server server) {
        this.settings = settings;
        this.server = server;
    }

    static PureFtpd start(FtpServerSettings settings) {
        assumeTrue(System.getProperty("user.name").equals("root"), "pure-ftpd needs root");
        if (settings.tls() == FtpTls.IMPLICIT) {
            throw new IllegalArgumentException("pure-ftpd has no implicit TLS");
        }
        String program = Programs.path("pure-ftpd");
        Path directory = settings.directory();
        writeFiles(settings);
        return new PureFtpd(
                settings,
                Server.startAt(
                        settings.address(),
                        "pure-ftpd",
                        directory,
                        port ->
                                List.of(
                                        program,
                                        "--bind",
                                        settings.host() + "," + port,
                                        "--login",
                                        "puredb:" + directory.resolve("users.pdb"),
                                        "--passiveportrange",
                                        settings.firstPassivePort()
                                                + ":"
                                                + settings.lastPassivePort(),
                                        settings.isIpv6()
                                                ? "--ipv6only"
                                                : "--forcepassiveip="
                                                        + settings.advertised().getHostAddress(),
                                        "--tls",
                                        settings.tls() == FtpTls.NONE ? "0" : "1",
                                        "--certfile",
                                        directory.resolve("identity.pem").toString(),
                                        "--chrooteveryone",
                                        "--noanonymous",
                                        "--dontresolve",
                                        "--maxclientsnumber",
                                        "200",
                                        "--maxclientsperip",
                                        "200",
                                        "--minuid",
                                        "1",
                                        "--pidfile",
                                        directory.resolve("pid").toString(),
                                        "--altlog",
                                        "clf:" + directory.resolve("transfers.log"))));
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(settings.address(), server.port());
    }

    @Override
    public Path folder() {
        return settings.folder();
    }

    @Override
    public String user() {
        return USER;
    }

    @Override
    public String password() {
        return PASSWORD;
    }

    @Override
    public void close() {
        server.close();
    }

    private static void writeFiles(FtpServerSettings settings) {
        Path directory = settings.directory();
        try {
            // Not by its own tool's useradd, whose hash takes a second for each login.
            Files.writeString(
                    directory.resolve("users"),
                    "%s:%s:1:1::%s/./::::::::::::\n"
                            .formatted(USER, Proftpd.hash(directory, PASSWORD), settings.folder()));
            Files.writeString(
                    directory.resolve("identity.pem"),
                    Files.readString(settings.identity().key())
                            + Files.readString(settings.identity().certificate()));
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
        Commands.mustRun(
                directory,
                Programs.path("pure-pw"),
                "mkdb",
                directory.resolve("users.pdb").toString(),
                "-f",
                directory.resolve("users").toString());
    }
}
