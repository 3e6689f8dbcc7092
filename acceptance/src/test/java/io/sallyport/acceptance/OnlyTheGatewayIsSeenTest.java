package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.ftp.FtpServerSettings;
import io.sallyport.acceptance.ftp.FtpTls;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.peer.Networks;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.RunningProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On hosts of their own, between which there is no way but the gateway, files move, and the partner
 * sees one address. vsftpd takes and makes data connections only from and to the address of the
 * control connection, so that what it logs of that holds for them, too.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class OnlyTheGatewayIsSeenTest {
    private static final int PORT = 7443;
    private static final Payload PAYLOAD = Payload.mebibytes(23, 4);
    private static final Pattern CLIENT = Pattern.compile("Client \"([^\"]+)\"");
    private static final Pattern PORT_COMMAND =
            Pattern.compile("\"PORT (\\d+,\\d+,\\d+,\\d+),|\"EPRT \\|1\\|([^|]+)\\|");

    private static final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    private static Networks networks;
    private static FtpServer server;

    @TempDir private Path folder;

    @BeforeAll
    static void start() throws IOException {
        networks = open(new Networks());
        var settings =
                FtpServerSettings.of(
                        FtpServerSettings.reachable(directory),
                        Networks.PARTNER,
                        FtpTls.EXPLICIT,
                        ServerIdentity.make(directory, "partner"));
        server = open(FtpServerKind.VSFTPD.start(settings));
        Commands.sallyport(
                directory, "init", ".", "--gateway", Networks.GATEWAY_INSIDE + ":" + PORT);
        Files.writeString(
                directory.resolve("gateway.yaml"),
                """
                gateway:
                  name: dmz-1
                  listen: "%s:%d"
                  status-socket: gateway.sock
                  tls: {certificate: gateway.crt, key: gateway.key, trust: ca.crt}
                policy:
                  listeners: ["%s:40000-40099"]
                  destinations: ["%s:1024-65535"]
                """
                        .formatted(
                                Networks.GATEWAY_INSIDE,
                                PORT,
                                Networks.GATEWAY_OUTSIDE,
                                Networks.PARTNER.getHostAddress()));
        Files.writeString(
                directory.resolve("agent.yaml"),
                """
                agent:
                  name: inside-1
                  gateways: ["%s:%d"]
                  status-socket: agent.sock
                  tls: {certificate: agent.crt, key: agent.key, trust: ca.crt}
                forward:
                  socks: {listen: 127.0.0.1:1080}
                  ftp:
                    - {listen: 127.0.0.1:2121}
                    - {listen: 127.0.0.1:2122, towards-partner: active}
                  bind: {ports: 40000-40099}
                  allow: ["%s:1024-65535"]
                """
                        .formatted(
                                Networks.GATEWAY_INSIDE, PORT, Networks.PARTNER.getHostAddress()));
        open(
                Commands.startSallyport(
                        "gateway",
                        directory,
                        networks.gateway(),
                        "gateway",
                        "-c",
                        "gateway.yaml",
                        "--log-format",
                        "json"));
        RunningProcess agent =
                open(
                        Commands.startSallyport(
                                "agent",
                                directory,
                                networks.inside(),
                                "agent",
                                "-c",
                                "agent.yaml",
                                "--log-format",
                                "json"));
        agent.log().awaitEvent("its gateway", event -> event.event().equals("gateway connected"));
    }

    private static <T extends AutoCloseable> T open(T one) {
        opened.addFirst(one);
        return one;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void there_is_no_way_around_the_gateway() {
        assertThat(networks.routeFromInside().exitCode()).isNotZero();
        assertThat(networks.routeFromPartner().exitCode()).isNotZero();
        assertThat(
                        insideRuns("curl", "--max-time", "10", url("", server.address().getPort()))
                                .exitCode())
                .isNotZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl over SOCKS, passive",
                "curl at the FTP entry, passive outside",
                "curl at the FTP entry, active outside",
                "copy, passive",
                "copy, active"
            })
    void a_file_goes_to_the_partner_and_back(String way) throws IOException {
        Path file = PAYLOAD.toFile(folder.resolve("file"));
        Path back = folder.resolve("back");
        int before = logged().size();

        for (Path local : List.of(file, back)) {
            CommandResult moved = move(way, local, local.equals(file));
            assertThat(moved.exitCode()).as(moved.text()).isZero();
        }

        assertThat(Payload.sha256(back)).isEqualTo(PAYLOAD.sha256());
        assertThat(seen(CLIENT, before)).containsExactly(Networks.GATEWAY_OUTSIDE);
        assertThat(seen(PORT_COMMAND, before)).isSubsetOf(Networks.GATEWAY_OUTSIDE);
        if (way.contains("active")) {
            assertThat(seen(PORT_COMMAND, before)).isNotEmpty();
        }
    }

    private CommandResult move(String way, Path local, boolean up) {
        int port = server.address().getPort();
        String user = server.user();
        return switch (way) {
            case "curl over SOCKS, passive" ->
                    curl(local, up, url(user, port), "--socks5-hostname", "127.0.0.1:1080");
            case "curl at the FTP entry, passive outside" -> curl(local, up, entryUrl(2121));
            case "curl at the FTP entry, active outside" -> curl(local, up, entryUrl(2122));
            case "copy, passive" -> copy(local, up);
            default -> copy(local, up, "--active");
        };
    }

    private static String url(String user, int port) {
        return "ftp://%s@%s:%d/files/file".formatted(user, Networks.PARTNER.getHostAddress(), port);
    }

    private static String entryUrl(int port) {
        return "ftp://%s%%40%s%%3A%d:x@127.0.0.1:%d/files/file"
                .formatted(
                        server.user(),
                        Networks.PARTNER.getHostAddress(),
                        server.address().getPort(),
                        port);
    }

    private static CommandResult curl(Path local, boolean up, String url, String... more) {
        List<String> words = new ArrayList<>(List.of("curl", "-sS", "--max-time", "30"));
        words.addAll(List.of(more));
        words.addAll(List.of(up ? "-T" : "-o", local.toString(), url));
        return insideRuns(words.toArray(String[]::new));
    }

    private static CommandResult insideRuns(String... command) {
        List<String> words = new ArrayList<>(networks.inside());
        words.add(Programs.path(command[0]));
        words.addAll(List.of(command).subList(1, command.length));
        return Commands.run(directory, words);
    }

    private static CommandResult copy(Path local, boolean up, String... more) {
        String remote = url(server.user(), server.address().getPort());
        List<String> words = new ArrayList<>(List.of("copy", "-c", "agent.yaml"));
        words.addAll(List.of(more));
        words.addAll(up ? List.of(local.toString(), remote) : List.of(remote, local.toString()));
        return Commands.sallyport(
                directory,
                Map.of("SALLYPORT_PASSWORD", server.password()),
                networks.inside(),
                words.toArray(String[]::new));
    }

    /** Addresses that the partner's log tells from a line on. */
    private static Set<String> seen(Pattern pattern, int from) throws IOException {
        return logged().stream()
                .skip(from)
                .map(pattern::matcher)
                .flatMap(found -> found.results())
                .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                .map(address -> address.replace(',', '.'))
                .collect(Collectors.toSet());
    }

    private static List<String> logged() throws IOException {
        Path log = server.folder().resolveSibling("vsftpd.log");
        return Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    }
}
