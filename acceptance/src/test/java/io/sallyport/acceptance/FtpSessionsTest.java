package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.ftp.CurlFtp;
import io.sallyport.acceptance.ftp.DataMode;
import io.sallyport.acceptance.ftp.Family;
import io.sallyport.acceptance.ftp.FtpClientKind;
import io.sallyport.acceptance.ftp.FtpConversation;
import io.sallyport.acceptance.ftp.FtpMaterial;
import io.sallyport.acceptance.ftp.FtpOperation;
import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.ftp.FtpServerSettings;
import io.sallyport.acceptance.ftp.FtpTarget;
import io.sallyport.acceptance.ftp.FtpTls;
import io.sallyport.acceptance.ftp.FtpWorkspace;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.Log;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Words;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an FTP session leaves behind, how long it lasts, and what the agent's log says of it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class FtpSessionsTest {
    private static final int MANY_FILES = 2_000;
    private static final Duration IDLE = Duration.ofSeconds(2);

    private static final Map<Family, FtpServer> origins = new EnumMap<>(Family.class);
    private static ServerIdentity identity;
    private static FtpMaterial material;
    private static Path local;
    private static Deployment deployment;
    private static int count;
    private Footprint before;

    @BeforeAll
    static void start(@TempDir Path directory, @TempDir Path product, @TempDir Path clients) {
        FtpServerSettings.reachable(directory);
        identity = ServerIdentity.make(directory, "origin");
        material = new FtpMaterial(directory);
        local = clients;
        for (Family family : Family.values()) {
            origins.put(
                    family,
                    FtpServerKind.BUILT_IN.start(
                            FtpServerSettings.of(
                                    directory, family.loopback(), FtpTls.EXPLICIT, identity)));
        }
        String certificate =
                "{certificate: \"%s\", key: \"%s\"}"
                        .formatted(identity.certificate(), identity.key());
        deployment =
                new Deployment(product, Encryption.AUTO)
                        .services(
                                service("plain", Family.IPV4),
                                service("ended", Family.IPV4)
                                        .protocol("ftps")
                                        .with("tls", certificate),
                                service("brief", Family.IPV4)
                                        .with("idle-timeout", IDLE.toSeconds() + "s"),
                                service("6-to-4", Family.IPV4).listen("[::1]:0"),
                                service("4-to-6", Family.IPV6),
                                service("secured-inside", Family.IPV4)
                                        .with("origin-tls", "explicit")
                                        .with("origin-ca", "\"" + identity.certificate() + "\""))
                        .start();
    }

    @AfterAll
    static void close() {
        deployment.close();
        origins.values().forEach(FtpServer::close);
    }

    @BeforeEach
    void remember() {
        before = deployment.footprint();
    }

    @AfterEach
    void everything_is_back_where_it_was() {
        deployment.awaitBackAt(before);
    }

    @Test
    void two_thousand_files_in_one_session_leave_nothing_behind_while_it_lasts()
            throws IOException {
        FtpWorkspace workspace = workspace(Family.IPV4);
        try (var session = session("plain")) {
            session.say("TYPE I");
            session.say("CWD " + workspace.remote());
            transfer(session, 0);
            Footprint afterOne = deployment.footprintWith(1);

            for (int number = 1; number < MANY_FILES; number++) {
                transfer(session, number);
            }

            deployment.awaitBackAt(afterOne);
        }
        for (int number = 0; number < MANY_FILES; number++) {
            assertThat(workspace.origin().resolve("many" + number)).hasContent("file " + number);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FTPLIB", "COMMONS_NET"})
    void families_of_partner_and_origin_need_not_be_the_same(FtpClientKind client) {
        var operations = EnumSet.of(FtpOperation.LIST, FtpOperation.APPE, FtpOperation.REST);
        for (DataMode mode : DataMode.values()) {
            perform(client, operations, mode, "4-to-6", Family.IPV6, FtpTls.NONE);
            if (!mode.isForIpv4Only()) {
                perform(client, operations, mode, "6-to-4", Family.IPV4, FtpTls.NONE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_way_to_the_origin_can_have_tls_that_the_partner_does_without(DataMode mode) {
        perform(
                FtpClientKind.FTPLIB,
                EnumSet.allOf(FtpOperation.class),
                mode,
                "secured-inside",
                Family.IPV4,
                FtpTls.NONE);
    }

    @Test
    void a_transfer_that_takes_longer_than_the_idle_timeout_keeps_its_session() {
        FtpWorkspace workspace = workspace(Family.IPV4);
        FtpTarget target = target("brief", Family.IPV4, FtpTls.NONE);
        int agentMark = deployment.agent().log().size();
        int gatewayMark = deployment.gateway().log().size();
        List<String> command = CurlFtp.command(target, DataMode.EPSV);
        Path file = workspace.local().resolve("slow");
        // Six seconds, and then the reply is still heard.
        command.addAll(
                List.of(
                        "--limit-rate",
                        "5M",
                        "-o",
                        file.toString(),
                        target.url(workspace.remote() + "/large")));

        Commands.mustRun(local, command.toArray(String[]::new));

        assertThat(file).hasSameBinaryContentAs(material.large());
        // Most of it has left us long before curl reads it: only its connection tells that it goes
        // on. Two sessions: of the control connection, and of the data connection.
        assertBothCompleted(deployment.agent().log(), agentMark);
        assertBothCompleted(deployment.gateway().log(), gatewayMark);
    }

    private static void assertBothCompleted(Log log, int mark) {
        await().until(() -> endsSince(log, mark).size() == 2);
        assertThat(endsSince(log, mark))
                .allMatch(end -> end.field(Words.REASON).equals("completed"));
    }

    private static List<LogEvent> endsSince(Log log, int mark) {
        return log.events().stream()
                .skip(mark)
                .filter(event -> event.field(Words.LOG_EVENT).equals(Words.SESSION_ENDED))
                .toList();
    }

    @Test
    void a_session_that_does_nothing_ends_at_its_idle_timeout() {
        try (var session = session("brief")) {
            assertThat(session.say("NOOP")).startsWith("200");

            await().atMost(IDLE.multipliedBy(4))
                    .until(() -> deployment.gatewayStatus().sessions() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "EXPLICIT"})
    void the_log_tells_every_transfer_in_a_line_and_no_password_or_name(FtpTls tls) {
        int mark = deployment.agent().log().size();

        perform(
                FtpClientKind.FTPLIB,
                EnumSet.of(FtpOperation.RETR, FtpOperation.APPE, FtpOperation.LIST),
                DataMode.EPSV,
                tls == FtpTls.NONE ? "plain" : "ended",
                Family.IPV4,
                tls);

        LogEvent download = awaitTransfer(mark, "RETR");
        assertThat(download.field(Words.DIRECTION)).isEqualTo("download");
        assertThat(download.field(Words.TRANSFERRED)).isEqualTo("33554432");
        assertThat(download.field(Words.OUTCOME)).isEqualTo("completed");
        assertThat(download.field(Words.DURATION)).isNotEmpty();
        assertThat(awaitTransfer(mark, "APPE").field(Words.DIRECTION)).isEqualTo("upload");
        assertThat(awaitTransfer(mark, "LIST").field(Words.DIRECTION)).isEqualTo("listing");
        FtpServer origin = origin(Family.IPV4);
        assertThat(deployment.agent().log().events())
                .noneMatch(event -> event.line().contains(origin.password()))
                .noneMatch(event -> event.field("user").equals(origin.user()));
        assertThat(deployment.gateway().log().events())
                .noneMatch(event -> event.line().contains(origin.password()));
    }

    @Test
    void a_transfer_that_fails_is_told_as_failed() {
        int mark = deployment.agent().log().size();
        try (var session = session("plain")) {
            session.passive();
            assertThat(session.say("RETR no-such-file")).startsWith("550");
        }

        assertThat(awaitTransfer(mark, "RETR").field(Words.OUTCOME)).isEqualTo("failed");
    }

    private static LogEvent awaitTransfer(int mark, String command) {
        return deployment
                .agent()
                .log()
                .awaitEventAfter(
                        mark,
                        "transfer by " + command,
                        event ->
                                event.event().equals(Words.TRANSFER_ENDED)
                                        && event.field(Words.COMMAND).equals(command));
    }

    private static void perform(
            FtpClientKind client,
            EnumSet<FtpOperation> operations,
            DataMode mode,
            String service,
            Family origin,
            FtpTls tls) {
        FtpWorkspace workspace = workspace(origin);
        Map<FtpOperation, String> failures =
                client.perform(operations, target(service, origin, tls), mode, workspace);
        assertThat(failures).as(service + " by " + mode).isEmpty();
        operations.forEach(workspace::verify);
        workspace.delete();
    }

    private static void transfer(FtpConversation session, int number) {
        try (var data = Partner.connect(session.passive().getPort())) {
            assertThat(session.say("STOR many" + number)).startsWith("150");
            data.send("file " + number);
        }
        assertThat(session.reply()).startsWith("226");
    }

    private static FtpConversation session(String service) {
        return FtpConversation.begin(
                        target(service, Family.IPV4, FtpTls.NONE).address(), "127.0.0.1")
                .login(origin(Family.IPV4));
    }

    private static FtpTarget target(String service, Family origin, FtpTls tls) {
        FtpServer server = origin(origin);
        Family family = service.equals("6-to-4") ? Family.IPV6 : Family.IPV4;
        return new FtpTarget(
                new InetSocketAddress(family.loopback(), deployment.port(service)),
                server.user(),
                server.password(),
                tls,
                identity.certificate());
    }

    private static FtpWorkspace workspace(Family origin) {
        count++;
        return FtpWorkspace.prepare(origin(origin), "session-" + count, local, material);
    }

    private static Service service(String name, Family origin) {
        int port = origin(origin).address().getPort();
        int first = Ports.freeRange(100);
        return Service.of(name, port)
                .protocol("ftp")
                .origin((origin == Family.IPV4 ? "127.0.0.1:" : "[::1]:") + port)
                .with("passive", "{ports: %d-%d}".formatted(first, first + 99));
    }

    private static FtpServer origin(Family family) {
        return Objects.requireNonNull(origins.get(family));
    }
}
