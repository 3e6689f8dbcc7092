package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.ftp.FtpServerSettings;
import io.sallyport.acceptance.ftp.FtpTls;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.peer.Curl;
import io.sallyport.acceptance.peer.Nginx;
import io.sallyport.acceptance.peer.OpenSsh;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.client.ForwardProxy;
import io.sallyport.client.ForwardProxySelector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files go to the servers that partners have and back, through the agent and the gateway. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class ForwardFilesTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int SOCKS_PORT = Ports.free();
    private static final int HTTP_PORT = Ports.free();
    private static final int BIND_PORTS = 20;
    private static final int NOBODY_THERE = Ports.free();
    private static final Payload PAYLOAD = Payload.mebibytes(21, 8);

    private static final Map<String, FtpServer> ftp = new HashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @AutoClose private static OpenSsh openSsh;
    @AutoClose private static Nginx nginx;
    private static ServerIdentity identity;
    @AutoClose private static Deployment deployment;

    private Footprint before;

    @TempDir private Path folder;
    private Path file;

    @BeforeAll
    static void start(@TempDir Path sshDirectory, @TempDir Path nginxDirectory) {
        openSsh = OpenSsh.start(sshDirectory);
        nginx = Nginx.start(nginxDirectory);
        Path reachable = FtpServerSettings.reachable(directory);
        identity = ServerIdentity.make(directory, "partner");
        for (FtpServerKind kind : List.of(FtpServerKind.VSFTPD, FtpServerKind.PROFTPD)) {
            for (FtpTls tls : List.of(FtpTls.EXPLICIT, FtpTls.IMPLICIT)) {
                var settings = FtpServerSettings.of(reachable, LOOPBACK, tls, identity);
                ftp.put(kind + " " + tls, kind.start(settings));
            }
        }
        int bind = Ports.freeRange(BIND_PORTS);
        deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .allowingDestinations("[\"127.0.0.1:1024-65535\"]")
                        .forwarding(
                                """
                                {socks: {listen: "127.0.0.1:%d"}, http: {listen: "127.0.0.1:%d"},\
                                 bind: {ports: %d-%d},\
                                 allow: ["localhost:1024-65535", "127.0.0.0/30:1024-65535"]}\
                                """
                                        .formatted(
                                                SOCKS_PORT, HTTP_PORT, bind, bind + BIND_PORTS - 1))
                        .start();
    }

    @AfterAll
    static void stop() {
        ftp.values().forEach(FtpServer::close);
    }

    @BeforeEach
    void prepare() {
        file = PAYLOAD.toFile(folder.resolve("file"));
        before = deployment.footprint();
    }

    @AfterEach
    void nothing_is_left() {
        deployment.awaitBackAt(before);
    }

    private static FtpServer ftp(String kind, FtpTls tls) {
        return Objects.requireNonNull(ftp.get(kind + " " + tls));
    }

    private static String web(String scheme) {
        return "%s://127.0.0.1:%d"
                .formatted(scheme, scheme.equals("https") ? nginx.port() : nginx.plainPort());
    }

    private static String ftpUrl(String scheme, FtpServer server, String path) {
        return "%s://%s@localhost:%d/%s"
                .formatted(scheme, server.user(), server.address().getPort(), path);
    }

    private CommandResult copy(
            Path authority, String password, Object from, Object to, String... more) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "copy",
                                "-c",
                                directory.resolve("agent.yaml").toString(),
                                "--identity",
                                openSsh.userKey().toString(),
                                "--known-hosts",
                                folder.resolve("known_hosts").toString(),
                                "--accept-new-host-key",
                                "--ca",
                                authority.toString()));
        command.addAll(List.of(more));
        command.addAll(List.of(from.toString(), to.toString()));
        return Commands.sallyport(
                folder, Map.of("SALLYPORT_PASSWORD", password), command.toArray(String[]::new));
    }

    private void assertCopied(CommandResult result) {
        assertThat(result.exitCode()).as(result.text()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sftp", "scp"})
    void copy_moves_a_file_to_openssh_and_back(String scheme) {
        Path there = folder.resolve("there");
        String url = "%s://%s:%d%s".formatted(scheme, openSsh.destination(), openSsh.port(), there);

        assertCopied(copy(nginx.certificate(), "", file, url));
        assertCopied(copy(nginx.certificate(), "", url, folder.resolve("back")));

        assertEqual(there, folder.resolve("back"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void copy_moves_a_file_to_nginx_and_back(String scheme) {
        String url = web(scheme) + "/put/" + scheme;

        assertCopied(copy(nginx.certificate(), "", file, url));
        assertCopied(copy(nginx.certificate(), "", url, folder.resolve("back")));

        assertEqual(nginx.files().resolve("put/" + scheme), folder.resolve("back"));
    }

    @ParameterizedTest
    @CsvSource({
        "vsftpd, ftp, EXPLICIT, passive",
        "vsftpd, ftp, EXPLICIT, active",
        "vsftpd, ftps, EXPLICIT, passive",
        "vsftpd, ftps, EXPLICIT, active",
        "vsftpd, ftps+implicit, IMPLICIT, passive",
        "vsftpd, ftps+implicit, IMPLICIT, active",
        "proftpd, ftp, EXPLICIT, passive",
        "proftpd, ftp, EXPLICIT, active",
        "proftpd, ftps, EXPLICIT, passive",
        "proftpd, ftps, EXPLICIT, active",
        "proftpd, ftps+implicit, IMPLICIT, passive",
        "proftpd, ftps+implicit, IMPLICIT, active"
    })
    void copy_moves_a_file_to_an_ftp_server_and_back(
            String kind, String scheme, FtpTls tls, String mode) {
        FtpServer server = ftp(kind, tls);
        String name = FtpServer.FILES + "/" + scheme + "-" + mode;
        String url = ftpUrl(scheme, server, name);
        String[] options = mode.equals("active") ? new String[] {"--active"} : new String[0];

        assertCopied(copy(identity.certificate(), server.password(), file, url, options));
        Path back = folder.resolve("back");
        assertCopied(copy(identity.certificate(), server.password(), url, back, options));

        assertEqual(server.folder().resolve(name), back);
    }

    private static void assertEqual(Path... copies) {
        for (Path copy : copies) {
            assertThat(Payload.sha256(copy)).as(copy.toString()).isEqualTo(PAYLOAD.sha256());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3, ftp://me@elsewhere.example:2121/x, the policy of the agent or the gateway",
        "3, ftp://me@127.0.0.2:2121/x, the policy of the agent or the gateway",
        "5, ftp://me@localhost:NOBODY/x, NOBODY",
        "4, ftp://nobody@localhost:PROFTPD/x, localhost:PROFTPD"
    })
    void copy_says_why_it_was_refused(int exitCode, String url, String why) {
        int proftpd = ftp("proftpd", FtpTls.EXPLICIT).address().getPort();
        CommandResult result =
                copy(identity.certificate(), "wrong", filled(url, proftpd), folder.resolve("back"));

        assertThat(result.exitCode()).as(result.text()).isEqualTo(exitCode);
        assertThat(result.err()).contains(filled(why, proftpd));
    }

    private static String filled(String text, int proftpd) {
        return text.replace("NOBODY", Integer.toString(NOBODY_THERE))
                .replace("PROFTPD", Integer.toString(proftpd));
    }

    @Test
    void copy_refuses_a_server_whose_host_key_has_changed() throws IOException {
        String url = "sftp://%s:%d/x".formatted(openSsh.destination(), openSsh.port());
        String other = Files.readString(openSsh.userKey().resolveSibling("user_key.pub"));
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:%d %s".formatted(openSsh.port(), other));

        CommandResult result = copy(nginx.certificate(), "", url, folder.resolve("back"));

        assertThat(result.exitCode()).as(result.text()).isEqualTo(4);
        assertThat(result.err()).contains("host key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--socks5-hostname 127.0.0.1:SOCKS", "--proxy http://127.0.0.1:HTTP"})
    void curl_moves_a_file_to_nginx_and_back(String way) {
        String url = web("https") + "/put/curl";
        String back = folder.resolve("back").toString();

        assertCopied(curl(way, "-T", file.toString(), url));
        assertCopied(curl(way, "-o", back, url));

        assertEqual(nginx.files().resolve("put/curl"), Path.of(back));
    }

    private CommandResult curl(String way, String option, String local, String url) {
        String[] words =
                way.replace("SOCKS", Integer.toString(SOCKS_PORT))
                        .replace("HTTP", Integer.toString(HTTP_PORT))
                        .split(" ", -1);
        return Curl.run(
                directory,
                words[0],
                words[1],
                "--cacert",
                nginx.certificate().toString(),
                option,
                local,
                url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vsftpd", "proftpd"})
    void curl_moves_a_file_by_passive_ftp_over_socks_and_back(String kind) {
        FtpServer server = ftp(kind, FtpTls.EXPLICIT);
        String url =
                "ftp://%s:%s@localhost:%d/%s/curl"
                        .formatted(
                                server.user(),
                                server.password(),
                                server.address().getPort(),
                                FtpServer.FILES);
        String back = folder.resolve("back").toString();
        String socks = "--socks5-hostname 127.0.0.1:SOCKS";

        assertCopied(curl(socks, "-T", file.toString(), url));
        assertCopied(curl(socks, "-o", back, url));

        assertEqual(server.folder().resolve(FtpServer.FILES + "/curl"), Path.of(back));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commons_net_moves_a_file_with_our_library_and_back(boolean active) throws IOException {
        FtpServer server = ftp("vsftpd", FtpTls.EXPLICIT);
        var proxy = ForwardProxy.at("127.0.0.1", SOCKS_PORT);
        var client = new FTPClient();
        client.setSocketFactory(proxy.socketFactory());
        client.setServerSocketFactory(proxy.serverSocketFactory("localhost"));
        client.connect("localhost", server.address().getPort());
        assertThat(client.login(server.user(), server.password())).isTrue();
        client.setFileType(FTP.BINARY_FILE_TYPE);
        if (active) {
            client.enterLocalActiveMode();
        } else {
            client.enterLocalPassiveMode();
        }
        String name = FtpServer.FILES + "/commons-net-" + active;
        Path back = folder.resolve("back");

        try (InputStream in = Files.newInputStream(file);
                OutputStream out = Files.newOutputStream(back)) {
            assertThat(client.storeFile(name, in)).as(client.getReplyString()).isTrue();
            assertThat(client.retrieveFile(name, out)).as(client.getReplyString()).isTrue();
        } finally {
            client.disconnect();
        }

        assertEqual(server.folder().resolve(name), back);
    }

    @Test
    void java_net_http_moves_a_file_with_our_library_and_back() throws Exception {
        var entry = new InetSocketAddress(LOOPBACK, HTTP_PORT);
        var there = URI.create(web("http") + "/put/java");
        Path back = folder.resolve("back");
        try (HttpClient client =
                HttpClient.newBuilder()
                        .proxy(new ForwardProxySelector(entry, null, Set.of()))
                        .build()) {
            HttpRequest put =
                    HttpRequest.newBuilder(there).PUT(BodyPublishers.ofFile(file)).build();
            assertThat(client.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
            client.send(HttpRequest.newBuilder(there).build(), BodyHandlers.ofFile(back));
        }

        assertEqual(nginx.files().resolve("put/java"), back);
    }

    @Test
    void openssh_moves_a_file_through_ncat_and_back() throws IOException {
        String ncat =
                "-oProxyCommand=%s --proxy 127.0.0.1:%d --proxy-type socks5 %%h %%p"
                        .formatted(Programs.path("ncat"), SOCKS_PORT);
        Path there = folder.resolve("there");
        Path back = folder.resolve("back");
        Path batch =
                Files.writeString(
                        folder.resolve("batch"),
                        "put %s %s%nget %s %s%n".formatted(file, there, there, back));
        List<String> sftp = openSsh.sftp(openSsh.port(), batch);
        sftp.add(ncat);
        sftp.add(openSsh.destination());

        assertCopied(Commands.run(folder, sftp));

        assertEqual(there, back);
    }
}
