package io.sallyport.process.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.process.yaml.Values;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DestinationsTest {
    private static final Path FILE = Path.of("agent.yaml");

    private static Destinations policy(String... rules) {
        return new Destinations(
                Stream.of(rules).map(rule -> Values.DESTINATION_RULE.parse(rule, FILE)).toList());
    }

    private static boolean allow(Destinations policy, Destination wanted, String resolved) {
        InetAddress address = InetAddress.ofLiteral(resolved);
        return policy.allow(wanted, address, PublicAddress.is(address));
    }

    @ParameterizedTest
    @CsvSource({
        "*.partner.example:21-22, sftp.partner.example, 22, true",
        "*.partner.example:21-22, a.b.partner.example, 21, true",
        "*.partner.example:21-22, SFTP.Partner.Example., 22, true",
        "*.partner.example:21-22, sftp.partner.example, 23, false",
        "*.partner.example:21-22, partner.example, 22, false",
        "*.partner.example:21-22, evilpartner.example, 22, false",
        "*.partner.example:21-22, sftp.partner.example.evil.test, 22, false",
        "sftp.partner.example:22, sftp.partner.example, 22, true",
        "sftp.partner.example:22, xsftp.partner.example, 22, false",
        "*:443, anything.test, 443, true",
        "*:443, 93.184.216.34, 443, true",
        "*:443, 10.0.0.1, 443, false",
        "*:443, ::1, 443, false",
        "*.16.34:443, 93.184.16.34, 443, false",
        "10.0.0.0/8:22, 10.1.2.3, 22, true",
        "10.0.0.0/8:22, 11.1.2.3, 22, false",
        "'[fd00::]:22', fd00::, 22, true",
    })
    void names_and_addresses_are_judged_as_they_are_asked_for(
            String rule, String host, int port, boolean allowed) {
        // A pattern whose last label is digits is no name, and can't be written.
        if (rule.startsWith("*.16")) {
            assertThatThrownBy(() -> policy(rule)).isInstanceOf(IllegalArgumentException.class);
            return;
        }
        assertThat(policy(rule).allowAsAsked(Destination.of(host, port))).isEqualTo(allowed);
    }

    @Test
    void a_name_that_resolves_to_an_inner_address_needs_a_rule_that_names_the_address() {
        Destination wanted = Destination.of("rebinding.partner.example", 22);

        assertThat(allow(policy("*:22"), wanted, "93.184.216.34")).isTrue();
        assertThat(allow(policy("*:22"), wanted, "127.0.0.1")).isFalse();
        assertThat(allow(policy("*:22", "127.0.0.0/8:22"), wanted, "127.0.0.1")).isTrue();
        assertThat(allow(policy("*:22", "127.0.0.0/8:23"), wanted, "127.0.0.1")).isFalse();
    }

    @Test
    void an_address_of_the_gateway_itself_is_not_public_whatever_it_looks_like() {
        var own = InetAddress.ofLiteral("93.184.216.34");
        Destination wanted = Destination.of("93.184.216.34", 22);

        assertThat(policy("*:22").allow(wanted, own, false)).isFalse();
        assertThat(policy("93.184.216.34:22").allow(wanted, own, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "127.0.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "127.0.0.0x1",
                "127.0.0.1.",
                "127.0.0.256",
                "1.2.3.4.5",
                "[::1]",
                "::1%lo",
                "fe80::1%eth0",
                ":::",
                "1::2::3",
                "",
                ".",
                "a..b",
                "-a.test",
                "a b",
                "a/b",
                "user@host",
                "host:22",
                "h\u00f6st.test",
                "a\r\nb",
                "a\0b"
            })
    void what_others_may_read_otherwise_is_no_destination(String host) {
        if (host.equals("127.0.0.1.")) {
            assertThat(Destination.of(host, 22).literal())
                    .isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            return;
        }
        assertThatThrownBy(() -> Destination.of(host, 22))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "3fff::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void what_is_not_of_the_public_internet_is_known(String address) {
        assertThat(PublicAddress.is(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "100.128.0.1",
                "172.32.0.1",
                "192.169.0.1",
                "198.20.0.1",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::808:808",
                "2002:808:808::1"
            })
    void what_is_public_is_known(String address) {
        assertThat(PublicAddress.is(InetAddress.ofLiteral(address))).isTrue();
    }

    @Test
    void an_ipv4_address_within_ipv6_is_as_public_as_itself() throws UnknownHostException {
        var random = new Random(4);
        for (int i = 0; i < 10_000; i++) {
            byte[] four = new byte[4];
            random.nextBytes(four);
            byte[] mapped = new byte[16];
            mapped[10] = -1;
            mapped[11] = -1;
            System.arraycopy(four, 0, mapped, 12, 4);
            byte[] translated = new byte[16];
            translated[1] = 0x64;
            translated[2] = -1;
            translated[3] = (byte) 0x9b;
            System.arraycopy(four, 0, translated, 12, 4);
            byte[] tunnelled = new byte[16];
            tunnelled[0] = 0x20;
            tunnelled[1] = 0x02;
            System.arraycopy(four, 0, tunnelled, 2, 4);
            boolean itself = PublicAddress.is(InetAddress.getByAddress(four));

            assertThat(PublicAddress.is(InetAddress.getByAddress(mapped))).isEqualTo(itself);
            assertThat(PublicAddress.is(InetAddress.getByAddress(translated))).isEqualTo(itself);
            assertThat(PublicAddress.is(InetAddress.getByAddress(tunnelled))).isEqualTo(itself);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "*:0",
                "*:70000",
                "*:5-4",
                "a*.test:22",
                "*.*.test:22",
                "0.0.0.0:22",
                "[::]:22",
                "10.0.0.1/8:22",
                "10.1:22",
                "::1:22",
                "[a.test]:22"
            })
    void a_rule_that_may_not_mean_what_it_says_is_refused(String rule) {
        assertThatThrownBy(() -> policy(rule)).isInstanceOf(IllegalArgumentException.class);
    }
}
