package io.sallyport.agent.config;

import static io.sallyport.agent.config.AgentYaml.passThrough;
import static io.sallyport.agent.config.AgentYaml.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.config.FtpConfig.Inside;
import io.sallyport.agent.config.FtpConfig.OriginTls;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.FtpConfig.PartnerTls.Ended;
import io.sallyport.agent.config.FtpConfig.PartnerTls.PassThrough;
import io.sallyport.agent.config.FtpConfig.Passive;
import io.sallyport.process.Ports;
import io.sallyport.protocol.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FtpServiceTest {
    private static final Ports PORTS = new Ports(50_000, 50_099);
    private static final Passive PASSIVE = new Passive(PORTS, null, null, false);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private AgentYaml yaml;

    @BeforeEach
    void start() {
        yaml = new AgentYaml(folder);
    }

    private static Inet4Address ipv4(String address) {
        return (Inet4Address) InetAddress.ofLiteral(address);
    }

    @Test
    void plain_ftp_needs_its_passive_ports_and_nothing_else() throws Exception {
        assertThat(yaml.one("ftp", ""))
                .isEqualTo(new FtpConfig(PASSIVE, new PartnerTls.None(), null));
        assertThat(yaml.lookedAt()).isEmpty();
        assertThat(yaml.warnings()).isEmpty();
    }

    @Test
    void every_key_of_passive_mode_is_read() throws Exception {
        String passive =
                """
                one:
                  protocol: ftp
                  listen: 0.0.0.0:21
                  origin: 10.0.0.5:21
                  passive:
                    ports: 50000-50099
                    address: 203.0.113.7
                    inside: {networks: [10.0.0.0/8, "fd00::/8"], address: 10.1.2.3}
                    foreign-addresses: true
                """;

        assertThat(yaml.read(passive).getFirst().ftp())
                .isEqualTo(
                        new FtpConfig(
                                new Passive(
                                        PORTS,
                                        ipv4("203.0.113.7"),
                                        new Inside(
                                                List.of(
                                                        new Network(ipv4("10.0.0.0"), 8),
                                                        new Network(
                                                                InetAddress.ofLiteral("fd00::"),
                                                                8)),
                                                ipv4("10.1.2.3")),
                                        true),
                                new PartnerTls.None(),
                                null));
    }

    @Test
    void partners_in_a_named_network_are_told_another_address() {
        var inside = new Inside(List.of(new Network(ipv4("10.0.0.0"), 8)), ipv4("10.1.2.3"));
        var passive = new Passive(PORTS, ipv4("203.0.113.7"), inside, false);

        assertThat(passive.announcedTo(ipv4("10.9.9.9"))).isEqualTo(ipv4("10.1.2.3"));
        assertThat(passive.announcedTo(ipv4("198.51.100.1"))).isEqualTo(ipv4("203.0.113.7"));
        assertThat(PASSIVE.announcedTo(ipv4("10.9.9.9"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"ftp, OFFERED", "ftps, REQUIRED", "ftps-implicit, IMPLICIT"})
    void tls_that_ends_at_the_agent_begins_as_the_protocol_says(String protocol, Ended.Start start)
            throws Exception {
        assertThat(yaml.one(protocol, "tls: {certificate: shown.crt, key: shown.key}").tls())
                .isEqualTo(
                        new Ended(
                                start,
                                folder.resolve("shown.crt"),
                                folder.resolve("shown.key"),
                                null,
                                true));
        assertThat(yaml.lookedAt()).containsExactly("shown.crt shown.key");
    }

    @Test
    void partners_may_have_to_show_a_certificate_and_need_not_resume() throws Exception {
        String tls =
                "tls: {certificate: s.crt, key: s.key, client-ca: ca.crt, require-resumption:"
                        + " false}";

        assertThat(yaml.one("ftps", tls).tls())
                .isEqualTo(
                        new Ended(
                                Ended.Start.REQUIRED,
                                folder.resolve("s.crt"),
                                folder.resolve("s.key"),
                                folder.resolve("ca.crt"),
                                false));
        assertThat(yaml.lookedAt()).containsExactly("s.crt s.key", "client-ca ca.crt");
    }

    @ParameterizedTest
    @CsvSource({"explicit, EXPLICIT", "implicit, IMPLICIT"})
    void the_leg_to_the_origin_may_be_tls_while_the_partners_is_not(
            String word, OriginTls.Mode mode) throws Exception {
        assertThat(yaml.one("ftp", "origin-tls: " + word, "origin-ca: o.crt").originTls())
                .isEqualTo(new OriginTls(mode, folder.resolve("o.crt"), "ftp.inside.example"));
        assertThat(yaml.lookedAt()).containsExactly("origin-ca o.crt");
    }

    @Test
    void an_origin_may_be_certified_by_another_name_than_it_is_dialed_by() throws Exception {
        OriginTls tls =
                yaml.one("ftp", "origin-tls: explicit", "origin-ca: o.crt", "origin-name: fd00::5")
                        .originTls();

        assertThat(tls).isNotNull().extracting(OriginTls::name).isEqualTo("fd00::5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftps", "ftps-implicit"})
    void tls_that_passes_through_leads_to_the_same_ports_of_the_origin(String protocol)
            throws Exception {
        assertThat(yaml.one(protocol, "tls: pass-through").tls()).isEqualTo(new PassThrough(PORTS));
    }

    @ParameterizedTest
    @CsvSource({
        "ftps, tls: pass-through, true",
        "ftps-implicit, tls: pass-through, true",
        "'ftps', 'tls: {certificate: s, key: s}', false",
        "'ftps-implicit', 'tls: {certificate: s, key: s}', false",
        "ftp, '', false"
    })
    void only_what_passes_through_is_encrypted_end_to_end(
            String protocol, String tls, boolean encrypted) throws Exception {
        assertThat(
                        yaml.read(service("one", protocol, 21, "50000-50099", tls))
                                .getFirst()
                                .encrypted())
                .isEqualTo(encrypted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "passive: {ports: 1-2}",
                "tls: pass-through",
                "origin-tls: none",
                "origin-ca: ca.crt",
                "origin-name: a"
            })
    void what_is_for_ftp_is_a_fault_elsewhere(String key) {
        String http =
                service("one", "http", 80, "3-4", key).replace("  passive: {ports: 3-4}\n", "");

        assertThat(yaml.faults(http))
                .containsExactly(
                        "7: services.one."
                                + key.replaceAll(":.*", "")
                                + ": is for protocol ftp, ftps or ftps-implicit: change the"
                                + " protocol, or leave this out");
    }

    @Test
    void nothing_is_said_of_it_where_the_protocol_is_not_known() {
        assertThat(yaml.faults(service("one", "fpt", 21, "1-2", "tls: pass-through")))
                .singleElement()
                .asString()
                .startsWith("4: services.one.protocol: must be one of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftps", "ftps-implicit"})
    void what_becomes_of_tls_must_be_said(String protocol) {
        assertThat(yaml.faults(service("one", protocol, 21, "50000-50099", "origin-tls: none")))
                .containsExactly(
                        "4: services.one.tls: is missing: it must be pass-through, or {certificate:"
                                + " FILE, key: FILE} to end TLS at the agent");
    }

    @Test
    void tls_is_one_word_or_a_certificate() {
        assertThat(yaml.faults(service("one", "ftps", 21, "50000-50099", "tls: passthrough")))
                .containsExactly(
                        "8: services.one.tls: must be pass-through, or {certificate: FILE, key:"
                                + " FILE} to end TLS at the agent, but is 'passthrough'");
        assertThat(yaml.faults(service("one", "ftps", 21, "50000-50099", "tls: {clientca: x}")))
                .containsExactly(
                        "8: services.one.tls.certificate: is missing: it must be the path of a"
                                + " file",
                        "8: services.one.tls.key: is missing: it must be the path of a file",
                        "8: services.one.tls.clientca: unknown key; did you mean 'client-ca'?");
    }

    @Test
    void tls_cannot_pass_through_where_the_conversation_is_read() {
        assertThat(yaml.faults(service("one", "ftp", 21, "50000-50099", "tls: pass-through")))
                .containsExactly(
                        "8: services.one.tls: can't pass through where the agent reads the"
                                + " conversation: choose protocol ftps, or {certificate: FILE, key:"
                                + " FILE}");
    }

    @Test
    void the_agent_speaks_no_tls_to_an_origin_that_tls_passes_through_to() {
        String[] origin = {
            "tls: pass-through", "origin-tls: explicit", "origin-ca: ca.crt", "origin-name: a"
        };

        assertThat(yaml.faults(service("one", "ftps", 21, "50000-50099", origin)))
                .hasSize(3)
                .allMatch(fault ->
                        fault.endsWith(
                                ": has no place where TLS passes through to the origin:"
                                        + " leave it out"));
    }

    @Test
    void tls_to_the_origin_needs_an_authority() {
        assertThat(yaml.faults(service("one", "ftp", 21, "50000-50099", "origin-tls: implicit")))
                .containsExactly(
                        "4: services.one.origin-ca: is missing: it must be the path of a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"origin-ca", "origin-name"})
    void what_is_for_tls_to_the_origin_is_a_fault_without_it(String key) {
        assertThat(yaml.faults(service("one", "ftp", 21, "50000-50099", key + ": x")))
                .containsExactly(
                        "8: services.one."
                                + key
                                + ": is for origin-tls: explicit or implicit: add that, or leave"
                                + " this out");
    }

    @ParameterizedTest
    @CsvSource({"'2001:db8::1', it is an IPv6 address", "ftp.example.com, is not an IP address"})
    void an_address_that_the_answer_to_pasv_has_no_room_for_is_a_fault(
            String address, String detail) {
        String ports = "50000-50099, address: \"" + address + '"';

        assertThat(yaml.faults(service("one", "ftp", 21, ports)))
                .singleElement()
                .asString()
                .startsWith("7: services.one.passive.address: must be an IPv4 address")
                .contains(detail);
    }

    @Test
    void networks_inside_need_an_address_and_it_needs_them() {
        assertThat(
                        yaml.faults(
                                service(
                                        "one",
                                        "ftp",
                                        21,
                                        "50000-50099, inside: {adress: 10.1.2.3}")))
                .containsExactly(
                        "7: services.one.passive.inside.networks: is missing: it must be a network"
                                + " or an address, like 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32, or"
                                + " a list of such",
                        "7: services.one.passive.inside.address: is missing: it must be an IPv4"
                                + " address, like 203.0.113.7",
                        "7: services.one.passive.inside.adress: unknown key; did you mean"
                                + " 'address'?");
    }

    @Test
    void what_has_no_effect_where_tls_passes_through_is_warned_of() throws Exception {
        yaml.read(passThrough("one", "ports: 50000-50099, address: 203.0.113.7"));

        assertThat(yaml.warnings())
                .containsExactly(
                        "7: services.one.passive.address: warning: has no effect where TLS passes"
                                + " through, since nobody but the origin can write into the"
                                + " conversation: set it at the origin");
    }
}
