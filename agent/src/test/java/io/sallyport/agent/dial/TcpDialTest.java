package io.sallyport.agent.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.sallyport.agent.peer.Origin;
import io.sallyport.agent.peer.SilentOrigin;
import io.sallyport.process.HostPort;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.dial.SystemNames;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(30)
class TcpDialTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress NOBODY = InetAddress.ofLiteral("127.0.0.2");

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, Transport.chosen().handlers());
    private final EventLoop loop = loops.next();
    private final Recorded outcome = new Recorded();

    @AfterEach
    void the_loop_ends() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    @Test
    void every_address_of_a_name_is_tried_in_order() throws IOException {
        try (var origin = new Origin()) {
            dial(name(origin), _ -> answer(NOBODY, HERE), PATIENCE);

            assertThat(outcome.connected().remoteAddress())
                    .extracting(InetSocketAddress::getAddress)
                    .isEqualTo(HERE);
        }
    }

    @Test
    void one_address_that_does_not_answer_leaves_time_for_the_next() throws IOException {
        try (var silent = new SilentOrigin()) {
            // The silent one listens on 127.0.0.1 only, so its port refuses on 127.0.0.2.
            dial(name(silent.address().port()), _ -> answer(HERE, NOBODY), Duration.ofSeconds(1));

            assertThat(outcome.fault())
                    .isEqualTo(
                            new DialFault(
                                    false,
                                    "origin files.example:"
                                            + silent.address().port()
                                            + " (127.0.0.2) refused the connection"));
        }
    }

    @Test
    void a_refusal_is_said() throws IOException {
        HostPort nobody = closedPort();

        dial(nobody, new SystemNames(), PATIENCE);

        assertThat(outcome.fault())
                .isEqualTo(new DialFault(false, "origin " + nobody + " refused the connection"));
    }

    @Test
    void silence_is_said_in_time() throws IOException {
        try (var silent = new SilentOrigin()) {
            dial(silent.address(), new SystemNames(), Duration.ofMillis(400));

            assertThat(outcome.fault())
                    .isEqualTo(
                            new DialFault(
                                    true,
                                    "origin " + silent.address() + " did not answer within 0.4 s"));
        }
    }

    @Test
    void a_name_that_is_not_known_is_said() {
        dial(new HostPort("no-such-host.invalid", 22), new SystemNames(), PATIENCE);

        assertThat(outcome.fault())
                .isEqualTo(
                        new DialFault(
                                false,
                                "origin no-such-host.invalid:22: the name is not known here: check"
                                        + " it, and the name servers of this host"));
    }

    @Test
    void a_name_server_that_does_not_answer_is_said_in_time() {
        dial(name(22), _ -> new CompletableFuture<>(), Duration.ofMillis(100));

        assertThat(outcome.fault())
                .isEqualTo(
                        new DialFault(
                                true,
                                "origin files.example:22: its name could not be looked up within"
                                        + " 0.1 s: check the name servers of this host"));
    }

    @Test
    void a_dial_that_is_cancelled_tells_nothing_and_leaves_nothing() throws Exception {
        try (var silent = new SilentOrigin()) {
            Dialing dial = dial(silent.address(), new SystemNames(), Duration.ofMillis(200));

            dial.cancel();

            var later = new CompletableFuture<Boolean>();
            loop.schedule(() -> later.complete(outcome.isTold()), 500, TimeUnit.MILLISECONDS);
            assertThat(later.get(5, TimeUnit.SECONDS)).isFalse();
        }
    }

    private Dialing dial(HostPort hostPort, Names names, Duration patience) {
        return TcpDial.start(loop, names, new Target("origin", hostPort), patience, outcome);
    }

    private static HostPort name(Origin origin) {
        return name(origin.address().port());
    }

    private static HostPort name(int port) {
        return new HostPort("files.example", port);
    }

    private static CompletableFuture<List<InetAddress>> answer(InetAddress... addresses) {
        return CompletableFuture.completedFuture(List.of(addresses));
    }

    private static HostPort closedPort() throws IOException {
        try (var closed = new Origin()) {
            return closed.address();
        }
    }

    private static final class Recorded implements TcpDial.Outcome {
        private final CompletableFuture<TcpChannel> channel = new CompletableFuture<>();
        private final CompletableFuture<DialFault> fault = new CompletableFuture<>();

        @Override
        public void connected(TcpChannel connected) {
            channel.complete(connected);
        }

        @Override
        public void failed(DialFault failed) {
            fault.complete(failed);
        }

        TcpChannel connected() {
            return channel.orTimeout(10, TimeUnit.SECONDS).join();
        }

        DialFault fault() {
            return fault.orTimeout(10, TimeUnit.SECONDS).join();
        }

        boolean isTold() {
            return channel.isDone() || fault.isDone();
        }
    }
}
