package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.peer.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real vsftpd. It takes data connections only with the TLS session of the control connection, and
 * uploads only with their close_notify. Its user is the anonymous one, as any other needs PAM.
 */
public final class Vsftpd implements FtpServer {
    private final FtpServerSettings settings;
    private final Server server;

    private Vsftpd(FtpServerSettings settings, Server server) {
        this.settings = settings;
        this.server = server;
    }

    /** Starts one; where it is not here, the test that asks is skipped and says so. */
    public static Vsftpd start(FtpServerSettings settings) {
        String vsftpd = Programs.path("vsftpd");
        return new Vsftpd(
                settings,
                Server.startAt(
                        settings.address(),
                        "vsftpd",
                        settings.directory(),
                        port -> List.of(vsftpd, configuration(settings, port).toString())));
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
        return "anonymous";
    }

    @Override
    public String password() {
        return "open-sesame";
    }

    /** What it took an upload for. */
    public enum Upload {
        UNKNOWN,
        WHOLE,
        BROKEN
    }

    /** What its log says of the upload of a file. */
    public Upload upload(String name) {
        try {
            List<String> lines =
                    Files.readAllLines(
                                    settings.directory().resolve("vsftpd.log"),
                                    StandardCharsets.ISO_8859_1)
                            .stream()
                            .filter(line -> line.contains("/" + name + "\""))
                            .toList();
            if (lines.stream().anyMatch(line -> line.contains(" OK UPLOAD:"))) {
                return Upload.WHOLE;
            }
            return lines.stream().anyMatch(line -> line.contains(" FAIL UPLOAD:"))
                    ? Upload.BROKEN
                    : Upload.UNKNOWN;
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private static Path configuration(FtpServerSettings settings, int port) {
        boolean isRoot = System.getProperty("user.name").equals("root");
        try {
            return Files.writeString(
                    settings.directory().resolve("vsftpd.conf"),
                    """
                    background=NO
                    %s
                    listen_port=%d
                    anonymous_enable=YES
                    local_enable=NO
                    %s
                    anon_root=%s
                    write_enable=YES
                    anon_upload_enable=YES
                    anon_mkdir_write_enable=YES
                    anon_other_write_enable=YES
                    anon_world_readable_only=NO
                    anon_umask=022
                    secure_chroot_dir=%s
                    seccomp_sandbox=NO
                    pasv_min_port=%d
                    pasv_max_port=%d
                    %s
                    xferlog_enable=YES
                    dual_log_enable=YES
                    xferlog_file=%s
                    vsftpd_log_file=%s
                    log_ftp_protocol=YES
                    %s
                    """
                            .formatted(
                                    listen(settings),
                                    port,
                                    isRoot ? "ftp_username=daemon" : "run_as_launching_user=YES",
                                    settings.folder(),
                                    Files.createDirectories(settings.directory().resolve("empty")),
                                    settings.firstPassivePort(),
                                    settings.lastPassivePort(),
                                    settings.isIpv6()
                                            ? ""
                                            : "pasv_address="
                                                    + settings.advertised().getHostAddress(),
                                    settings.directory().resolve("xferlog"),
                                    settings.directory().resolve("vsftpd.log"),
                                    tls(settings)));
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    private static String listen(FtpServerSettings settings) {
        return settings.isIpv6()
                ? "listen=NO\nlisten_ipv6=YES\nlisten_address6=" + settings.host()
                : "listen=YES\nlisten_ipv6=NO\nlisten_address=" + settings.host();
    }

    private static String tls(FtpServerSettings settings) {
        if (settings.tls() == FtpTls.NONE) {
            return "ssl_enable=NO";
        }
        return """
        ssl_enable=YES
        implicit_ssl=%s
        allow_anon_ssl=YES
        force_local_logins_ssl=NO
        force_local_data_ssl=NO
        ssl_tlsv1=YES
        ssl_ciphers=HIGH
        require_ssl_reuse=YES
        strict_ssl_read_eof=YES
        rsa_cert_file=%s
        rsa_private_key_file=%s
        """
                .formatted(
                        settings.tls() == FtpTls.IMPLICIT ? "YES" : "NO",
                        settings.identity().certificate(),
                        settings.identity().key());
    }
}
