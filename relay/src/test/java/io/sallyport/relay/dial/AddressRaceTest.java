package io.sallyport.relay.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class AddressRaceTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final InetAddress ONE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress THIRD = InetAddress.ofLiteral("127.0.0.3");

    private final Loops loops = new Loops();
    private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = open(new ServerSocket(0, 50, ONE));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        loops.close();
    }

    private <T extends AutoCloseable> T open(T one) {
        opened.addFirst(one);
        return one;
    }

    private AddressRace race(Duration patience, InetAddress... addresses) {
        EventLoop core = loops.core();
        return CompletableFuture.supplyAsync(
                        () ->
                                AddressRace.start(
                                        core,
                                        List.of(addresses),
                                        server.getLocalPort(),
                                        patience,
                                        new AddressRace.Outcome() {
                                            @Override
                                            public void connected(TcpChannel channel, Endpoint to) {
                                                channel.reset();
                                                told.add(to.address());
                                            }

                                            @Override
                                            public void failed(Throwable last) {
                                                told.add(last);
                                            }
                                        }),
                        core)
                .join();
    }

    private Object outcome() throws InterruptedException {
        Object outcome = told.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(outcome).as("an outcome").isNotNull();
        return outcome;
    }

    /** Listens at the same port of another address, where the kernel answers nobody any more. */
    private void fallSilent(InetAddress address) throws IOException {
        var full = open(new ServerSocket(server.getLocalPort(), 1, address));
        for (int taken = 0; taken < 3; taken++) {
            Socket waiting = open(new Socket());
            try {
                waiting.connect(new InetSocketAddress(address, full.getLocalPort()), 200);
            } catch (SocketTimeoutException silent) {
                return;
            }
        }
        throw new AssertionError("the kernel still answers for " + address);
    }

    @Test
    void the_families_take_turns_and_the_resolvers_first_one_begins() {
        List<InetAddress> mixed =
                Stream.of("2001:db8::1", "2001:db8::2", "192.0.2.1", "2001:db8::3", "192.0.2.2")
                        .map(InetAddress::ofLiteral)
                        .toList();

        assertThat(AddressRace.interleaved(mixed))
                .extracting(InetAddress::getHostAddress)
                .containsExactly(
                        "2001:db8:0:0:0:0:0:1",
                        "192.0.2.1",
                        "2001:db8:0:0:0:0:0:2",
                        "192.0.2.2",
                        "2001:db8:0:0:0:0:0:3");
    }

    @Test
    void an_address_that_refuses_is_followed_by_the_next() throws Exception {
        race(LONG, OTHER, THIRD, ONE);

        assertThat(outcome()).isEqualTo(ONE);
    }

    @Test
    void an_address_that_does_not_answer_gets_a_rival() throws Exception {
        fallSilent(OTHER);

        race(LONG, OTHER, ONE);

        assertThat(outcome()).isEqualTo(ONE);
    }

    @Test
    void if_all_refuse_the_last_ones_reason_is_told_once() throws Exception {
        race(LONG, OTHER, THIRD);

        assertThat(outcome()).isInstanceOf(ConnectException.class);
        assertThat(told).isEmpty();
    }

    @Test
    void if_nobody_answers_in_time_that_is_told() throws Exception {
        fallSilent(OTHER);

        race(Duration.ofMillis(100), OTHER);

        assertThat(outcome()).isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void who_gives_up_hears_nothing_more() throws Exception {
        fallSilent(OTHER);
        AddressRace race = race(LONG, OTHER);

        race.cancel();

        // A later race on the same loop comes after whatever the first had to tell.
        race(LONG, ONE);
        assertThat(outcome()).isEqualTo(ONE);
        assertThat(told).isEmpty();
    }
}
