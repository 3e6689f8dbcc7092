package io.sallyport.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.config.ForwardConfig.Bind;
import io.sallyport.agent.config.ForwardConfig.Entry;
import io.sallyport.agent.config.ForwardConfig.Kind;
import io.sallyport.ftp.Settings.ServerMode;
import io.sallyport.ftp.Settings.ServerTls;
import io.sallyport.process.HostPort;
import io.sallyport.process.Ports;
import io.sallyport.process.password.PasswordHash;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ForwardReaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private AgentYaml yaml;

    @BeforeEach
    void start() {
        yaml = new AgentYaml(folder);
    }

    private static Endpoint local(int port) {
        return new Endpoint(InetAddress.ofLiteral("127.0.0.1"), port);
    }

    private static Entry entry(String name, Kind kind, int port) {
        return new Entry(name, kind, local(port), Map.of(), List.of(), 1000);
    }

    @Test
    void nothing_is_offered_unless_it_is_written() throws Exception {
        assertThat(yaml.forward("{}")).isEqualTo(ForwardConfig.NONE);
        assertThat(yaml.warnings()).isEmpty();
    }

    @Test
    void every_kind_of_entry_is_read_in_one_order() throws Exception {
        ForwardConfig config =
                yaml.forward(
                        """
                        {tunnels: [{listen: "127.0.0.1:2222", destination: "sftp.partner.example:22"}],
                         ftp: {listen: "127.0.0.1:2121"}, http: {listen: "127.0.0.1:3128"},
                         socks: {listen: "127.0.0.1:1080"}, allow: ["*:443"]}
                        """);

        assertThat(config.entries())
                .containsExactly(
                        entry("forward.socks", new Kind.Socks(), 1080),
                        entry("forward.http", new Kind.Http(), 3128),
                        entry(
                                "forward.ftp",
                                new Kind.Ftp(ServerMode.PASSIVE, ServerTls.NONE, null),
                                2121),
                        entry(
                                "forward.tunnels[0]",
                                new Kind.Tunnel(new HostPort("sftp.partner.example", 22)),
                                2222));
        assertThat(yaml.warnings()).isEmpty();
    }

    @Test
    void ftp_entries_may_be_several_for_partners_of_several_kinds() throws Exception {
        ForwardConfig config =
                yaml.forward(
                        """
                        {ftp: [{listen: "127.0.0.1:2121", towards-partner: as-client},
                               {listen: "127.0.0.1:2122", partner-tls: explicit},
                               {listen: "127.0.0.1:2123", towards-partner: active,
                                partner-tls: implicit, partner-ca: partner.crt}],
                         bind: {ports: 50000-50009, address: 203.0.113.7}, allow: ["*:21"]}
                        """);

        assertThat(config.entries())
                .containsExactly(
                        entry(
                                "forward.ftp[0]",
                                new Kind.Ftp(ServerMode.AS_CLIENT, ServerTls.NONE, null),
                                2121),
                        entry(
                                "forward.ftp[1]",
                                new Kind.Ftp(ServerMode.PASSIVE, ServerTls.EXPLICIT, null),
                                2122),
                        entry(
                                "forward.ftp[2]",
                                new Kind.Ftp(
                                        ServerMode.ACTIVE,
                                        ServerTls.IMPLICIT,
                                        folder.resolve("partner.crt")),
                                2123));
        assertThat(config.bind())
                .isEqualTo(
                        new Bind(
                                new Ports(50_000, 50_009),
                                (Inet4Address) InetAddress.ofLiteral("203.0.113.7")));
        assertThat(yaml.lookedAt()).containsExactly("partner-ca partner.crt");
    }

    @Test
    void users_networks_limits_and_times_are_read() throws Exception {
        String hash = PasswordHash.of("secret".toCharArray()).toString();
        ForwardConfig config =
                yaml.forward(
                        """
                        {socks: {listen: "127.0.0.1:1080", users: {me: "%s"},
                                 allow: [10.0.0.0/8], max-sessions: 7},
                         allow: ["*:443"], handshake-timeout: 3s, connect-timeout: 5s, idle-timeout: 2m,
                         half-close-timeout: 30s}
                        """
                                .formatted(hash));

        Entry socks = config.entries().getFirst();
        assertThat(socks.users())
                .hasEntrySatisfying(
                        "me", known -> assertThat(known.matches("secret".toCharArray())).isTrue());
        assertThat(socks.allow())
                .containsExactly(new Network(InetAddress.ofLiteral("10.0.0.0"), 8));
        assertThat(socks.maxSessions()).isEqualTo(7);
        assertThat(config.handshakeTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.halfCloseTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{socks: {}} | forward.socks.listen: is missing",
                "{tunnels: [{listen: '127.0.0.1:1'}]} | forward.tunnels[0].destination: is missing",
                "{tunnels: {}} | forward.tunnels: must be a list of mappings",
                "{http: {listen: '127.0.0.1:1', users: {'a:b': x}}} | forward.http.users.a:b: a"
                        + " user's name has 1 to 255 characters and no colon",
                "{ftp: {listen: '127.0.0.1:1', towards-partner: active}} |"
                        + " forward.ftp.towards-partner: partners that connect back need ports of"
                        + " the gateway: add forward.bind.ports",
                "{ftp: [{listen: '127.0.0.1:1', partner-ca: x.crt}]} | forward.ftp[0].partner-ca:"
                        + " is for partner-tls: explicit or implicit: add that, or leave this out",
                "{bind: {}} | forward.bind.ports: is missing",
                "{sock: {}} | forward.sock: unknown key"
            })
    void what_is_wrong_is_told_with_its_place(String forward, String fault) {
        assertThat(yaml.forwardFaults(forward)).anyMatch(told -> told.contains(fault));
    }

    @Test
    void what_may_not_be_meant_is_warned_of() throws Exception {
        yaml.forward("{socks: {listen: '0.0.0.0:1080'}}");

        assertThat(yaml.warnings())
                .containsExactly(
                        "5: forward.socks.listen: warning: everybody who reaches 0.0.0.0:1080 may"
                                + " use it: name networks under allow, or users",
                        "5: forward.allow: warning: is empty: every destination is refused");
    }
}
