package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ftp.Family;
import io.sallyport.acceptance.ftp.FtpClientKind;
import io.sallyport.acceptance.ftp.FtpConversation;
import io.sallyport.acceptance.ftp.FtpMaterial;
import io.sallyport.acceptance.ftp.FtpMatrix;
import io.sallyport.acceptance.ftp.FtpMode;
import io.sallyport.acceptance.ftp.FtpRow;
import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.ftp.FtpServerSettings;
import io.sallyport.acceptance.ftp.FtpTarget;
import io.sallyport.acceptance.ftp.FtpTls;
import io.sallyport.acceptance.ftp.ScriptedFtpOrigin;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.peer.Receipt;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.Ports;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** FTP clients inside that know no SOCKS name their server, a partner's, at the agent's entry. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class FtpEntryTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final List<FtpServerKind> SERVERS =
            List.of(FtpServerKind.VSFTPD, FtpServerKind.PROFTPD);
    private static final int BIND_PORTS = 100;
    private static final String NOBODY_THERE = "USER me@localhost:" + Ports.free();

    private static final Map<String, FtpServer> servers = new HashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static ServerIdentity identity;

    @SuppressWarnings("NullAway.Init")
    private static FtpMaterial material;

    @SuppressWarnings("NullAway.Init")
    @AutoClose
    private static Deployment deployment;

    /** How an entry speaks to partners. */
    enum Entry {
        PASSIVE("passive", FtpTls.NONE),
        ACTIVE("active", FtpTls.NONE),
        AS_CLIENT("as-client", FtpTls.NONE),
        EXPLICIT("passive", FtpTls.EXPLICIT),
        EXPLICIT_ACTIVE("active", FtpTls.EXPLICIT),
        IMPLICIT("passive", FtpTls.IMPLICIT);

        final String mode;
        final FtpTls tls;
        private final int ipv4Port = Ports.free();
        private final int ipv6Port = Ports.free();

        Entry(String mode, FtpTls tls) {
            this.mode = mode;
            this.tls = tls;
        }

        /** One with explicit TLS also serves those who do without. */
        FtpTls ofServer() {
            return tls == FtpTls.IMPLICIT ? tls : FtpTls.EXPLICIT;
        }

        String yaml(Family family) {
            String listen = (family == Family.IPV4 ? "127.0.0.1:" : "[::1]:") + port(family);
            String plain = "{listen: \"%s\", towards-partner: %s".formatted(listen, mode);
            return tls == FtpTls.NONE
                    ? plain + "}"
                    : plain
                            + ", partner-tls: %s, partner-ca: \"%s\"}"
                                    .formatted(
                                            tls.name().toLowerCase(Locale.ROOT),
                                            identity.certificate());
        }

        int port(Family family) {
            return family == Family.IPV4 ? ipv4Port : ipv6Port;
        }
    }

    @BeforeAll
    static void start() {
        Path reachable = FtpServerSettings.reachable(directory);
        identity = ServerIdentity.make(directory, "partner");
        material = new FtpMaterial(directory);
        for (FtpServerKind kind : SERVERS) {
            for (FtpTls tls : List.of(FtpTls.EXPLICIT, FtpTls.IMPLICIT)) {
                var settings = FtpServerSettings.of(reachable, LOOPBACK, tls, identity);
                servers.put(kind + " " + tls, kind.start(settings));
            }
        }
        List<String> entries = new ArrayList<>();
        for (Entry entry : Entry.values()) {
            for (Family family : Family.values()) {
                entries.add(entry.yaml(family));
            }
        }
        int bind = Ports.freeRange(BIND_PORTS);
        deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .allowingDestinations("[\"127.0.0.1:1024-65535\"]")
                        .forwarding(
                                "{ftp: [%s], bind: {ports: %d-%d}, allow: [\"localhost:*\"]}"
                                        .formatted(
                                                String.join(", ", entries),
                                                bind,
                                                bind + BIND_PORTS - 1)
                                        .replace(":*", ":1024-65535"))
                        .start();
    }

    @AfterAll
    static void stop() {
        servers.values().forEach(FtpServer::close);
    }

    private static FtpServer server(FtpServerKind kind, Entry entry) {
        return Objects.requireNonNull(servers.get(kind + " " + entry.ofServer()));
    }

    private static FtpTarget target(FtpServer server, Entry entry, Family family) {
        return new FtpTarget(
                new InetSocketAddress(family.loopback(), entry.port(family)),
                server.user() + "@localhost:" + server.address().getPort(),
                server.password(),
                FtpTls.NONE,
                identity.certificate());
    }

    private static String said(String... lines) {
        try (var client = Partner.connect(Entry.PASSIVE.port(Family.IPV4))) {
            for (String line : lines) {
                client.send(line + "\r\n");
            }
            return client.send("QUIT\r\n").receiveText();
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_client_reaches_a_server_of_a_partner(Entry entry, @TempDir Path local) {
        int turn = List.of(Entry.values()).indexOf(entry);
        List<FtpRow> rows = possible(entry, FtpRow.oneOfEachKind(FtpMode.DIRECT_PLAIN, turn));
        FtpServerKind first = SERVERS.get(turn % SERVERS.size());
        Set<FtpClientKind> ofFirst = EnumSet.of(FtpClientKind.CURL, FtpClientKind.COMMONS_NET);
        assertThat(
                        run(
                                entry,
                                rows.stream()
                                        .filter(row ->
                                                (row.origin() == first)
                                                        == ofFirst.contains(row.client()))
                                        .toList(),
                                local))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Tag("load")
    void every_client_reaches_every_server_in_every_mode(Entry entry, @TempDir Path local) {
        assertThat(run(entry, possible(entry, FtpRow.of(FtpMode.DIRECT_PLAIN)), local)).isEmpty();
    }

    private static List<FtpRow> possible(Entry entry, List<FtpRow> rows) {
        return rows.stream()
                .filter(row -> SERVERS.contains(row.origin()))
                // Proftpd at times ends a session whose data connection with TLS is reset, as
                // Commons Net does before ABOR.
                .filter(row ->
                        entry.tls == FtpTls.NONE
                                || row.origin() != FtpServerKind.PROFTPD
                                || row.client() != FtpClientKind.COMMONS_NET)
                .toList();
    }

    private static List<String> run(Entry entry, List<FtpRow> rows, Path local) {
        assertThat(rows).isNotEmpty();
        return new FtpMatrix(material, local)
                .run(
                        rows,
                        row -> {
                            FtpServer server = server(row.origin(), entry);
                            return new FtpMatrix.Place(server, target(server, entry, row.family()));
                        });
    }

    @ParameterizedTest
    @CsvSource({"-F, PASSIVE", "-E, PASSIVE", "-F, EXPLICIT_ACTIVE", "-E, EXPLICIT_ACTIVE"})
    void ncftp_moves_a_file_to_a_partner_and_back(
            String dataMode, Entry entry, @TempDir Path local) {
        FtpServer server = server(FtpServerKind.PROFTPD, entry);
        String folder = "/" + FtpServer.FILES;
        var payload = new Payload(24, 3_000_000);
        Path file = payload.toFile(local.resolve("ncftp" + dataMode + entry));

        ncftp("ncftpput", dataMode, entry, server, local, folder, file.toString());
        file.toFile().delete();
        ncftp("ncftpget", dataMode, entry, server, local, ".", folder + "/" + file.getFileName());

        assertThat(Payload.sha256(file)).isEqualTo(payload.sha256());
        assertThat(
                        Payload.sha256(
                                server.folder()
                                        .resolve(FtpServer.FILES)
                                        .resolve(file.getFileName())))
                .isEqualTo(payload.sha256());
    }

    private static void ncftp(
            String program,
            String dataMode,
            Entry entry,
            FtpServer server,
            Path local,
            String... arguments) {
        FtpTarget target = target(server, entry, Family.IPV4);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Programs.path(program),
                                dataMode,
                                "-V",
                                "-u",
                                target.user(),
                                "-p",
                                target.password(),
                                "-P",
                                Integer.toString(entry.port(Family.IPV4)),
                                "127.0.0.1"));
        command.addAll(List.of(arguments));
        Commands.mustRun(local, command.toArray(String[]::new));
    }

    @Test
    void a_server_may_be_named_before_the_login() {
        FtpServer server = server(FtpServerKind.PROFTPD, Entry.PASSIVE);

        assertThat(
                        said(
                                "SITE localhost:" + server.address().getPort(),
                                "USER " + server.user(),
                                "PASS " + server.password()))
                .contains("\r\n331 ", "\r\n230 ", "\r\n221 ");
    }

    @ParameterizedTest
    @CsvSource({
        "USER me@elsewhere.example, 530 forward.allow of the agent does not allow"
                + " elsewhere.example:21",
        "SITE localhost:21, 530 forward.allow of the agent does not allow localhost:21",
        "USER me, '530 Name the server, too'",
        "PASV, 530 Name the server first",
        "AUTH TLS, 534 TLS is a matter between this entry and the server",
        "USER me@127.1:2121, 530 '127.1' is neither a host name nor an address"
    })
    void what_is_refused_is_refused_in_words_of_ftp(String line, String answer) {
        assertThat(said(line)).contains("\r\n" + answer);
    }

    @Test
    void the_client_hears_when_nobody_listens_at_the_partner() {
        assertThat(said(NOBODY_THERE))
                .contains("\r\n421 partner localhost:", "refused the connection");
    }

    @Test
    void a_server_that_does_not_prove_who_it_is_gets_no_password_and_the_client_hears_why() {
        var settings =
                FtpServerSettings.of(
                        directory,
                        LOOPBACK,
                        FtpTls.EXPLICIT,
                        ServerIdentity.make(directory, "impostor"));
        try (var impostor = FtpServerKind.VSFTPD.start(settings);
                var client = Partner.connect(Entry.EXPLICIT.port(Family.IPV4))) {
            client.send("USER me@localhost:%d\r\n".formatted(impostor.address().getPort()));

            assertThat(client.receiveText())
                    .contains("\r\n421 ", "the configured authority does not vouch for");
        }
    }

    @Test
    void a_download_that_the_server_cuts_is_reset_at_the_client_and_one_that_it_ends_is_not() {
        var payload = new Payload(5, 100_000);
        var begun = new CompletableFuture<Void>();
        Footprint before = deployment.footprint();
        try (var cut =
                        TcpOrigin.that(session -> {
                            session.send(payload);
                            begun.join();
                            session.reset();
                        });
                var whole = TcpOrigin.source(payload)) {
            assertThat(download(cut, begun).ending()).isEqualTo(Ending.RESET);

            Receipt receipt = download(whole, begun);
            assertThat(receipt.ending()).isEqualTo(Ending.ORDERLY);
            assertThat(receipt.bytes()).isEqualTo(payload.bytes());
        }
        deployment.awaitBackAt(before);
    }

    private static Receipt download(TcpOrigin data, CompletableFuture<Void> begun) {
        var entry = new InetSocketAddress(LOOPBACK, Entry.PASSIVE.port(Family.IPV4));
        try (var server = new ScriptedFtpOrigin(data);
                var client = FtpConversation.begin(entry, "127.0.0.1")) {
            assertThat(client.say("USER me@localhost:" + server.port())).startsWith("331");
            assertThat(client.say("PASS secret")).startsWith("230");
            try (var connection = Partner.connect(client.passive(), null)) {
                assertThat(client.say("RETR file")).startsWith("150");
                begun.complete(null);
                return connection.receiveAll();
            }
        }
    }
}
