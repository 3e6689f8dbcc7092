package io.sallyport.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.sallyport.relay.Loops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EpollTcpChannelTest extends TcpChannelContract {
    EpollTcpChannelTest() {
        super(Transport.EPOLL);
    }

    @Test
    void a_reset_is_told_although_nobody_reads() throws Exception {
        Connected one = connected(false);
        one.send("unread");

        one.peer().setSoLinger(true, 0);
        one.peer().close();

        assertThat(one.told().next())
                .isInstanceOf(SocketException.class)
                .extracting(Object::toString)
                .asString()
                .contains("Connection reset");
        assertThat(one.told().next()).isEqualTo(CLOSED);
        assertThat(one.channel().isOpen()).isFalse();
    }

    @Test
    void a_peer_that_ended_in_order_and_takes_nothing_more_has_not_taken_back_what_it_said()
            throws Exception {
        Connected one = connected(false);
        one.send("everything");
        one.peer().close();
        // Answered with a reset.
        one.channel()
                .writeAndFlush(Unpooled.copiedBuffer("too late", StandardCharsets.US_ASCII))
                .sync();
        letEverythingArrive();

        one.channel().config().setAutoRead(true);

        assertThat(one.told().next()).isEqualTo("everything");
        assertThat(one.told().next()).isEqualTo(END);
    }

    @Test
    void both_ends_in_order_are_no_reset() throws Exception {
        Connected one = connected(true);
        one.peer().shutdownOutput();
        assertThat(one.told().next()).isEqualTo(END);
        one.channel().config().setAutoRead(false);

        one.channel().shutdownOutput().sync();
        assertThat(one.peer().getInputStream().read()).isEqualTo(-1);

        letEverythingArrive();
        assertThat(one.told().all).isEmpty();
        assertThat(one.channel().isOpen()).isTrue();
    }

    @Test
    void output_does_not_end_ahead_of_what_waits_to_be_sent() throws Exception {
        Connected one = connected(true);
        var bytes = Unpooled.directBuffer().writeZero(16 << 20);
        one.channel().writeAndFlush(bytes);

        assertThat(one.channel().shutdownOutput().await().cause())
                .isInstanceOf(IOException.class)
                .hasMessage("there is more to be sent before the end");

        assertThat(one.peer().getInputStream().readNBytes(16 << 20)).hasSize(16 << 20);
        one.channel().close();
        assertThatThrownBy(() -> one.peer().getInputStream().read()).hasMessage("Connection reset");
    }

    @Test
    void who_reads_instead_is_told_again_and_again_until_all_is_read_and_others_have_turns()
            throws Exception {
        Connected one = connected(false);
        var told = new AtomicInteger();
        one.channel().eventLoop().submit(() -> divert(one.channel(), told::incrementAndGet)).sync();

        one.send("bytes");

        await().atMost(Duration.ofSeconds(10)).until(() -> told.get() > 100);
        letEverythingArrive();
        one.channel().eventLoop().submit(one.channel()::drained).sync();
        int last = told.get();
        letEverythingArrive();
        assertThat(told).hasValue(last);
        one.send("more");
        await().atMost(Duration.ofSeconds(10)).until(() -> told.get() > last);
        assertThat(one.told().all).isEmpty();
    }

    private static void divert(TcpChannel channel, Runnable whenReadable) {
        channel.divertReadable(whenReadable);
        channel.config().setAutoRead(true);
    }

    @Test
    void reading_that_is_given_back_goes_on_in_the_pipeline() throws Exception {
        Connected one = connected(false);
        var told = new AtomicInteger();
        one.channel().eventLoop().submit(() -> divert(one.channel(), told::incrementAndGet)).sync();
        one.send("bytes");
        await().atMost(Duration.ofSeconds(10)).until(() -> told.get() > 0);

        one.channel().eventLoop().submit(() -> one.channel().divertReadable(null)).sync();

        assertThat(one.told().next()).isEqualTo("bytes");
    }

    @Test
    void no_descriptor_outlives_the_loops() throws Exception {
        loops.close();
        long before = descriptors();
        var others = new Loops(Transport.EPOLL);
        var server = TcpServerChannel.open(others.core(), InetAddress.getLoopbackAddress());
        others.core().register(server).sync();
        assertThat(descriptors()).isGreaterThan(before);

        others.close();

        assertThat(descriptors()).isEqualTo(before);
        assertThat(server.isOpen()).isFalse();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(EpollTcpChannelTest::isOurs).count();
        }
    }

    private static boolean isOurs(Path descriptor) {
        try {
            String kind = Files.readSymbolicLink(descriptor).toString();
            return kind.startsWith("socket:") || kind.contains("[event");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
