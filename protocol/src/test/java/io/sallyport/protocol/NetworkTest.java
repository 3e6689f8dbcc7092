package io.sallyport.protocol;

import static io.sallyport.protocol.Samples.address;
import static io.sallyport.protocol.Samples.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0,   24,  192.0.2.0,       true",
        "192.0.2.0,   24,  192.0.2.255,     true",
        "192.0.2.0,   24,  192.0.3.0,       false",
        "192.0.2.77,  24,  192.0.2.1,       true",
        "10.0.0.0,    9,   10.127.255.255,  true",
        "10.0.0.0,    9,   10.128.0.0,      false",
        "192.0.2.8,   29,  192.0.2.15,      true",
        "192.0.2.8,   29,  192.0.2.16,      false",
        "192.0.2.1,   32,  192.0.2.1,       true",
        "192.0.2.1,   32,  192.0.2.2,       false",
        "0.0.0.0,     0,   255.255.255.255, true",
        "0.0.0.0,     0,   2001:db8::1,     false",
        "::,          0,   2001:db8::1,     true",
        "::,          0,   192.0.2.1,       false",
        "2001:db8::,  32,  2001:db8:ffff::, true",
        "2001:db8::,  32,  2001:db9::,      false",
        "2001:db8::,  29,  2001:dbf:ffff::, true",
        "2001:db8::,  29,  2001:dc0::,      false",
        "2001:db8::1, 128, 2001:db8::1,     true",
        "2001:db8::1, 128, 2001:db8::2,     false",
    })
    void contains_the_addresses_with_its_prefix(
            String network, int prefixBits, String candidate, boolean contained) {
        assertThat(network(network, prefixBits).contains(address(candidate))).isEqualTo(contained);
    }

    @Test
    void of_several_one_is_enough() {
        var networks = List.of(network("192.0.2.0", 24), network("2001:db8::", 32));

        assertThat(Network.anyContains(networks, address("2001:db8::1"))).isTrue();
        assertThat(Network.anyContains(networks, address("198.51.100.1"))).isFalse();
        assertThat(Network.anyContains(List.of(), address("192.0.2.1"))).isFalse();
    }

    @Test
    void contains_just_what_the_numbers_say() {
        var random = new RandomSamples(5);
        int contained = 0;
        for (int i = 0; i < 200_000; i++) {
            Network network = random.network();
            byte[] near = network.address().getAddress();
            near[random.below(near.length)] ^= (byte) (1 << random.below(8));
            InetAddress candidate = Samples.address(near);
            boolean expected =
                    prefix(network.address(), network.prefixBits())
                            .equals(prefix(candidate, network.prefixBits()));
            assertThat(network.contains(candidate))
                    .as("%s contains %s", network, candidate)
                    .isEqualTo(expected);
            contained += expected ? 1 : 0;
        }
        assertThat(contained).isBetween(50_000, 150_000);
    }

    @Test
    void of_ipv4_contains_addresses_that_were_mapped_into_ipv6() throws UnknownHostException {
        byte[] mapped = new BigInteger("ffffc0000207", 16).toByteArray();
        byte[] padded = new byte[16];
        System.arraycopy(mapped, mapped.length - 6, padded, 10, 6);
        InetAddress candidate = Inet6Address.getByAddress(null, padded, 0);
        assertThat(candidate).isInstanceOf(Inet6Address.class);
        assertThat(network("192.0.2.0", 24).contains(candidate)).isTrue();
        assertThat(network("192.0.3.0", 24).contains(candidate)).isFalse();
        assertThat(new Network(candidate, 32)).isEqualTo(network("192.0.2.7", 32));
    }

    @Test
    void ignores_the_name_of_an_address() throws UnknownHostException {
        InetAddress named = InetAddress.getByAddress("a.example", new byte[] {10, 0, 0, 0});
        assertThat(new Network(named, 8))
                .isEqualTo(network("10.0.0.0", 8))
                .hasToString("10.0.0.0/8");
    }

    @Test
    void has_no_more_prefix_than_bits() {
        for (int wrong : new int[] {-1, 33, 128}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> network("192.0.2.0", wrong))
                    .withMessage("prefix out of range: /%d", wrong);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> network("2001:db8::", 129));
    }

    private static BigInteger prefix(InetAddress address, int prefixBits) {
        byte[] bytes = address.getAddress();
        return new BigInteger(1, bytes).shiftRight(bytes.length * 8 - prefixBits);
    }
}
