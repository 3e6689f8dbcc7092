package io.sallyport.gateway.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HandshakeGateTest {
    private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress THERE = InetAddress.ofLiteral("198.51.100.2");

    private final HandshakeGate gate = new HandshakeGate(Runnable::run, 3, 2);

    private Channel admit(InetAddress address) {
        var channel = new EmbeddedChannel();
        gate.admit(channel, address);
        return channel;
    }

    @Test
    void one_address_loses_its_own_oldest_connection_first() {
        Channel there = admit(THERE);
        Channel oldest = admit(HERE);
        Channel second = admit(HERE);
        Channel newest = admit(HERE);
        assertThat(oldest.isOpen()).isFalse();
        assertThat(second.isOpen()).isTrue();
        assertThat(newest.isOpen()).isTrue();
        assertThat(there.isOpen()).isTrue();
    }

    @Test
    void when_all_places_are_taken_the_oldest_of_all_goes() {
        Channel oldest = admit(HERE);
        admit(HERE);
        admit(THERE);
        Channel newest = admit(THERE);
        assertThat(oldest.isOpen()).isFalse();
        assertThat(newest.isOpen()).isTrue();
        assertThat(gate.size()).isEqualTo(3);
    }

    @Test
    void who_has_proved_itself_counts_no_longer_and_is_not_evicted() {
        Channel proved = admit(HERE);
        gate.release(proved);
        admit(HERE);
        admit(HERE);
        admit(HERE);
        assertThat(proved.isOpen()).isTrue();
    }

    @Test
    void a_connection_that_closes_gives_its_place_back() {
        Channel gone = admit(HERE);
        gone.close();
        assertThat(gate.size()).isZero();
    }
}
