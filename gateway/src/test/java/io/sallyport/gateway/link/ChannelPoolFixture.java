package io.sallyport.gateway.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.Ticket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A pool, an agent that dials when the test says so, and a clock that the test moves. */
abstract class ChannelPoolFixture {
    static final int WARM_MAX = 64;
    private static final int LOOPS = 2;
    static final int TAKING_TURNS = 4 * LOOPS;

    final List<Ticket> dialed = new ArrayList<>();
    final EventLoop core = new DefaultEventLoop();
    final EventLoop other = new DefaultEventLoop();
    final LoopLoads loads = new LoopLoads(core, LOOPS);
    long nanos;
    final ChannelPool pool =
            new ChannelPool(
                    ChannelKind.ENCRYPTED,
                    WARM_MAX,
                    () -> nanos,
                    loads,
                    (Dial dial) -> dialed.addAll(dial.tickets()));

    static final class Request implements ChannelRequest {
        private final InetAddress address;
        private final boolean interested;
        int taken;
        @Nullable Offer offer;

        Request(String address, boolean interested) {
            this.address = InetAddress.ofLiteral(address);
            this.interested = interested;
        }

        @Override
        public InetAddress partnerAddress() {
            return address;
        }

        @Override
        public boolean take(Offer offer) {
            taken++;
            this.offer = offer;
            return interested;
        }
    }

    void bringAll() {
        List<Ticket> tickets = List.copyOf(dialed);
        dialed.clear();
        for (Ticket ticket : tickets) {
            assertThat(pool.redeem(ticket)).isTrue();
            pool.offered(new IdleOffer(core));
        }
    }

    void bringRounds() {
        while (!dialed.isEmpty()) {
            bringAll();
        }
    }

    void afterSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nanos += Duration.ofSeconds(1).toNanos();
            pool.tick();
        }
    }

    Offer taken() {
        var request = new Request("192.0.2.1", true);
        pool.request(request);
        return Objects.requireNonNull(request.offer);
    }

    void requests(int count) {
        for (int i = 0; i < count; i++) {
            pool.request(new Request("192.0.2.1", true));
        }
    }
}
