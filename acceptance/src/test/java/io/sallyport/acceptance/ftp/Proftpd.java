package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.peer.Server;
import io.sallyport.acceptance.product.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * A real proftpd with a user of its own. With TLS it takes data connections only with the session
 * of the control connection, as is its default.
 */
final class Proftpd implements FtpServer {
    private static final String USER = "partner";
    private static final String PASSWORD = "open-sesame";

    private final FtpServerSettings settings;
    private final Server server;

    private Proftpd(FtpServerSettings settings, Server server) {
        this.settings = settings;
        this.server = server;
    }

    static Proftpd start(FtpServerSettings settings) {
        String proftpd = Programs.path("proftpd");
        writePasswords(settings);
        return new Proftpd(
                settings,
                Server.startAt(
                        settings.address(),
                        "proftpd",
                        settings.directory(),
                        port ->
                                List.of(
                                        proftpd,
                                        "-n",
                                        "-q",
                                        "-c",
                                        configuration(settings, port).toString())));
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

    private static void writePasswords(FtpServerSettings settings) {
        Path directory = settings.directory();
        try {
            Map<String, Object> owner = Files.readAttributes(directory, "unix:uid,gid");
            String hash = hash(directory, PASSWORD);
            Files.writeString(
                    directory.resolve("passwd"),
                    "%s:%s:%s:%s::/:/bin/sh\n"
                            .formatted(USER, hash, owner.get("uid"), owner.get("gid")));
            Files.setPosixFilePermissions(
                    directory.resolve("passwd"), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    /** A password as crypt(3) keeps it. */
    static String hash(Path directory, String password) {
        return Commands.mustRun(directory, Programs.path("openssl"), "passwd", "-5", password)
                .out()
                .strip();
    }

    private static Path configuration(FtpServerSettings settings, int port) {
        Path directory = settings.directory();
        try {
            PosixFileAttributes owner = Files.readAttributes(directory, PosixFileAttributes.class);
            return Files.writeString(
                    directory.resolve("proftpd.conf"),
                    """
                    ServerType standalone
                    ServerName origin
                    DefaultAddress %s
                    Port %d
                    UseIPv6 %s
                    User %s
                    Group %s
                    RootLogin on
                    ScoreboardFile %s
                    PidFile %s
                    SystemLog %s
                    TransferLog none
                    ExtendedLog %s ALL
                    WtmpLog off
                    UseReverseDNS off
                    DelayEngine off
                    AuthOrder mod_auth_file.c
                    AuthUserFile %s
                    RequireValidShell off
                    UseFtpUsers off
                    DefaultRoot %s
                    AllowOverwrite on
                    AllowStoreRestart on
                    AllowRetrieveRestart on
                    MaxInstances none
                    TimesGMT on
                    PassivePorts %d %d
                    %s
                    %s
                    """
                            .formatted(
                                    settings.host(),
                                    port,
                                    settings.isIpv6() ? "on" : "off",
                                    owner.owner().getName(),
                                    owner.group().getName(),
                                    directory.resolve("scoreboard"),
                                    directory.resolve("pid"),
                                    directory.resolve("system.log"),
                                    directory.resolve("commands.log"),
                                    directory.resolve("passwd"),
                                    settings.folder(),
                                    settings.firstPassivePort(),
                                    settings.lastPassivePort(),
                                    settings.address().equals(settings.advertised())
                                            ? ""
                                            : "MasqueradeAddress "
                                                    + settings.advertised().getHostAddress(),
                                    tls(settings)));
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    private static String tls(FtpServerSettings settings) {
        if (settings.tls() == FtpTls.NONE) {
            return "";
        }
        Path module = Programs.file("usr/lib/proftpd/mod_tls.so");
        return """
        ModulePath %s
        LoadModule mod_tls.c
        TLSEngine on
        TLSLog %s
        TLSProtocol TLSv1.2 TLSv1.3
        TLSRSACertificateFile %s
        TLSRSACertificateKeyFile %s
        TLSVerifyClient off
        TLSRequired off
        TLSRenegotiate none
        %s
        """
                .formatted(
                        module.getParent(),
                        settings.directory().resolve("tls.log"),
                        settings.identity().certificate(),
                        settings.identity().key(),
                        settings.tls() == FtpTls.IMPLICIT ? "TLSOptions UseImplicitSSL" : "");
    }
}
