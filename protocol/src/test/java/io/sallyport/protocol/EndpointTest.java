package io.sallyport.protocol;

import static io.sallyport.protocol.Samples.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class EndpointTest {
    @Test
    void is_shown_with_brackets_where_the_address_has_colons() {
        assertThat(endpoint("192.0.2.1", 22)).hasToString("192.0.2.1:22");
        assertThat(endpoint("2001:db8::1", 22)).hasToString("[2001:db8:0:0:0:0:0:1]:22");
    }

    @Test
    void forgets_the_name_of_its_address() throws UnknownHostException {
        InetAddress named = InetAddress.getByAddress("a.example", new byte[] {10, 0, 0, 1});
        assertThat(new Endpoint(named, 22))
                .isEqualTo(endpoint("10.0.0.1", 22))
                .hasToString("10.0.0.1:22");
        assertThat(new Endpoint(named, 22).address()).hasToString("/10.0.0.1");
    }

    @Test
    void forgets_the_scope_which_means_nothing_on_another_host() throws UnknownHostException {
        byte[] linkLocal = Samples.address("fe80::1").getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, linkLocal, 3);
        assertThat(new Endpoint(scoped, 22)).hasToString("[fe80:0:0:0:0:0:0:1]:22");
    }

    @Test
    void becomes_a_socket_address_and_comes_back() {
        for (Endpoint endpoint :
                new Endpoint[] {endpoint("192.0.2.1", 0), endpoint("2001:db8::1", 65_535)}) {
            InetSocketAddress socketAddress = endpoint.toSocketAddress();
            assertThat(socketAddress.isUnresolved()).isFalse();
            assertThat(Endpoint.of(socketAddress)).isEqualTo(endpoint);
        }
    }

    @Test
    void has_a_port_of_sixteen_bits() {
        for (int wrong : new int[] {-1, 65_536}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> endpoint("192.0.2.1", wrong))
                    .withMessage("port out of range: %d", wrong);
        }
    }
}
