package io.sallyport.relay.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SocketAddressTest {
    private final SocketAddress address = new SocketAddress(Arena.ofAuto());

    private InetSocketAddress readAfterWrite(InetAddress host, int port) {
        address.write(new InetSocketAddress(host, port));
        return Objects.requireNonNull(address.read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "255.255.255.255", "2001:db8::1", "::1"})
    void what_is_written_is_read(String host) {
        InetAddress written = InetAddress.ofLiteral(host);
        assertThat(readAfterWrite(written, 65_535))
                .isEqualTo(new InetSocketAddress(written, 65_535));
        assertThat(readAfterWrite(written, 0)).isEqualTo(new InetSocketAddress(written, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    void who_has_an_address_that_was_read_lately_shares_it(String host) {
        InetAddress first = readAfterWrite(InetAddress.ofLiteral(host), 1).getAddress();
        for (int other = 1; other <= 7; other++) {
            readAfterWrite(InetAddress.ofLiteral("198.51.100." + other), 2);
        }
        InetAddress again = readAfterWrite(InetAddress.ofLiteral(host), 3).getAddress();
        assertThat(again).isSameAs(first);
    }

    @Test
    void the_same_link_local_address_on_another_link_is_another() throws Exception {
        byte[] bytes = InetAddress.ofLiteral("fe80::1").getAddress();
        for (int scope : new int[] {1, 2, 1}) {
            var written = Inet6Address.getByAddress(null, bytes, scope);
            var read = (Inet6Address) readAfterWrite(written, 22).getAddress();
            assertThat(read.getScopeId()).isEqualTo(scope);
        }
    }
}
