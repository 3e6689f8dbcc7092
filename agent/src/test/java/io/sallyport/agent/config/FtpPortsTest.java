package io.sallyport.agent.config;

import static io.sallyport.agent.config.AgentYaml.passThrough;
import static io.sallyport.agent.config.AgentYaml.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.config.FtpConfig.PartnerTls.PassThrough;
import io.sallyport.agent.config.FtpConfig.Passive;
import io.sallyport.process.Ports;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FtpPortsTest {
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

    @Test
    void tls_may_pass_through_to_as_many_other_ports() throws Exception {
        assertThat(
                        yaml.read(
                                        passThrough(
                                                "one",
                                                "ports: 50000-50099, origin-ports: 40000-40099"))
                                .getFirst()
                                .ftp())
                .isEqualTo(
                        new FtpConfig(PASSIVE, new PassThrough(new Ports(40_000, 40_099)), null));
    }

    @Test
    void passive_ports_must_be_there() {
        String none = "one: {protocol: ftp, listen: \"0.0.0.0:21\", origin: \"a:21\"}\n";

        assertThat(yaml.faults(none))
                .containsExactly(
                        "3: services.one.passive: is missing: it must be {ports: FIRST-LAST}, ports"
                                + " of the gateway for data connections");
        assertThat(yaml.faults(none.replace("origin", "passive: {address: 1.2.3.4}, origin")))
                .containsExactly(
                        "3: services.one.passive.ports: is missing: it must be a range of ports,"
                                + " like 50000-50099");
    }

    @ParameterizedTest
    @CsvSource({
        "50099-50000, the range is reversed",
        "0-99, ports go from 1 to 65535",
        "65000-66000, ports go from 1 to 65535"
    })
    void passive_ports_must_be_a_range(String ports, String detail) {
        assertThat(yaml.faults(service("one", "ftp", 21, ports)))
                .containsExactly(
                        "7: services.one.passive.ports: must be a range of ports, like"
                                + " 50000-50099, but is '%s' (%s)".formatted(ports, detail));
    }

    @Test
    void ports_of_the_origin_are_for_tls_that_passes_through() {
        String plain = service("one", "ftp", 21, "50000-50099, origin-ports: 50000-50099");

        assertThat(yaml.faults(plain))
                .containsExactly(
                        "7: services.one.passive.origin-ports: is for tls: pass-through only, since"
                                + " otherwise the origin tells its ports: leave it out");
    }

    @Test
    void the_origin_has_as_many_ports_as_the_gateway() {
        assertThat(yaml.faults(passThrough("one", "ports: 50000-50099, origin-ports: 40000-40098")))
                .containsExactly(
                        "7: services.one.passive.origin-ports: 40000-40098 are 99 ports, but ports"
                                + " 50000-50099 are 100: name as many of the origin's");
    }

    @Test
    void a_range_with_a_port_where_someone_listens_is_a_fault() {
        assertThat(yaml.faults(service("one", "ftp", 21, "20-30")))
                .containsExactly(
                        "7: services.one.passive.ports: 20-30 contains a port where this service"
                                + " listens, 192.0.2.1:21: choose other ports");
        assertThat(
                        yaml.faults(
                                service("one", "ftp", 21, "50000-50099")
                                        + service("two", "ftp", 2121, "20-30")))
                .containsExactly(
                        "13: services.two.passive.ports: 20-30 contains a port where service one"
                                + " listens, 192.0.2.1:21: choose other ports");
    }

    @Test
    void a_listener_in_the_range_of_another_service_is_a_fault() {
        assertThat(
                        yaml.faults(
                                service("one", "ftp", 21, "50000-50099")
                                        + service("two", "ftp", 50_010, "51000-51099")))
                .containsExactly(
                        "11: services.two.listen: 192.0.2.1:50010 is taken by service one, whose"
                                + " passive ports are 50000-50099: choose another port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "0.0.0.0"})
    void ranges_that_overlap_on_an_address_are_a_fault(String address) {
        String two = service("two", "ftp", 2121, "50099-50199").replace("192.0.2.1", address);

        assertThat(yaml.faults(service("one", "ftp", 21, "50000-50099") + two))
                .containsExactly(
                        "13: services.two.passive.ports: 50099-50199 overlaps the passive ports of"
                                + " service one, 50000-50099: choose other ports");
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.2", "'[2001:db8::1]", "'[::]"})
    void ranges_on_different_addresses_may_be_the_same(String address) throws Exception {
        String end = address.startsWith("'") ? ":21'" : ":21";
        String two =
                service("two", "ftp", 21, "50000-50099").replace("192.0.2.1:21", address + end);

        assertThat(yaml.read(service("one", "ftp", 21, "50000-50099") + two)).hasSize(2);
        assertThat(yaml.warnings()).isEmpty();
    }

    @Test
    void a_service_may_have_one_range_on_several_addresses() throws Exception {
        String three = "[\"192.0.2.1:21\", \"192.0.2.1:2121\", \"192.0.2.2:21\"]";

        assertThat(
                        yaml.read(
                                service("one", "ftp", 21, "50000-50099")
                                        .replace("192.0.2.1:21", three)))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "ftp, 50000-50008, '', '9 ports, which may run out: give it at least 10'",
        "ftp, 50000-50099, max-sessions: 1001,"
                + " '100 ports, which may run out with max-sessions 1001: give it at least 101'",
        "ftps, 50000-50008, tls: pass-through,"
                + " '9 ports, which may run out: give it at least 10'"
    })
    void a_range_that_may_run_out_is_warned_of(
            String protocol, String ports, String more, String warning) throws Exception {
        yaml.read(service("one", protocol, 21, ports, more));

        assertThat(yaml.warnings())
                .containsExactly(
                        "7: services.one.passive.ports: warning: " + ports + " are " + warning);
    }

    @Test
    void where_tls_passes_through_a_session_needs_a_port_of_its_own() throws Exception {
        yaml.read(
                service(
                        "one",
                        "ftps",
                        21,
                        "50000-50099",
                        "tls: pass-through",
                        "max-sessions: 101"));

        assertThat(yaml.warnings())
                .containsExactly(
                        "7: services.one.passive.ports: warning: 50000-50099 are 100 ports, which"
                                + " may run out with max-sessions 101: give it at least 101");
    }

    @Test
    void two_services_that_lead_to_the_same_ports_of_an_origin_are_warned_of() throws Exception {
        yaml.read(
                passThrough("one", "ports: 50000-50099")
                        + passThrough("two", "ports: 50000-50099")
                                .replace("192.0.2.1", "192.0.2.2"));

        assertThat(yaml.warnings())
                .containsExactly(
                        "13: services.two.passive.ports: warning: 50000-50099 lead to the same"
                            + " ports of ftp.inside.example as those of service one, so that"
                            + " partners of one can meet data connections of the other: give each a"
                            + " range of its own");
    }

    @Test
    void a_load_balancer_that_sends_headers_is_warned_of() throws Exception {
        yaml.read(service("one", "ftp", 21, "50000-50099", "accept-proxy-protocol: 10.0.0.1"));

        assertThat(yaml.warnings())
                .containsExactly(
                        "8: services.one.accept-proxy-protocol: warning: is for control connections"
                                + " only, and a header on a data connection becomes part of the"
                                + " file: have the load balancer pass on ports 50000-50099 without"
                                + " one");
    }

    @Test
    void warnings_are_told_along_with_faults() {
        assertThat(yaml.faults(service("one", "ftp", 21, "50000-50008", "origin-ca: x")))
                .hasSize(1);
        assertThat(yaml.warnings()).hasSize(1);
    }
}
