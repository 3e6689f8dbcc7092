package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.FramedChannel.FramedLeg;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A data channel, at the agent, that is offered again along with the last END of its session. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class OfferedAheadTest {
    private static final Ticket NEXT = Ticket.random();
    private static final int BLOCK = 1024 * 1024;

    private final EventLoop loop =
            new MultiThreadIoEventLoopGroup(1, Transport.chosen().handlers()).next();
    private final CompletableFuture<FramedLeg> leg = new CompletableFuture<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    private Socket gateway;

    @BeforeEach
    void a_session_begins() throws Exception {
        var listener = Listener.open(loop, this::accepted);
        gateway = new Socket(listener.getAddress(), listener.getPort());
        gateway.setSoTimeout(20_000);
        var somewhere = new Endpoint(InetAddress.getLoopbackAddress(), 1);
        var opening = new SessionOpening(SessionId.random(), "files", somewhere, somewhere);
        gateway.getOutputStream().write(bytes(new Open(opening, NEXT)));
        leg.get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws IOException {
        gateway.close();
        loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void the_offer_follows_the_last_end_and_the_session_is_completed() throws Exception {
        loop.execute(() -> leg.join().endLast());

        assertThat(gateway.getInputStream().readNBytes(bytes(new End()).length))
                .isEqualTo(bytes(new End()));
        assertThat(gateway.getInputStream().readNBytes(bytes(new Ready(NEXT)).length))
                .isEqualTo(bytes(new Ready(NEXT)));
        assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo("end sent");
    }

    /** A RESET behind the offer would be taken for one of the next session. */
    @Test
    void a_session_that_is_aborted_behind_the_offer_resets_the_connection() throws Exception {
        var aborted =
                CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 64; i++) {
                                leg.join().write(Unpooled.wrappedBuffer(new byte[BLOCK]));
                            }
                            leg.join().endLast();
                            leg.join().reset(EndReason.IDLE_TIMEOUT, "silent");
                        },
                        loop);
        aborted.get(20, TimeUnit.SECONDS);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> gateway.getInputStream().readAllBytes());
        assertThat(told).doesNotContain("end sent");
    }

    private void accepted(TcpChannel channel) {
        channel.pipeline()
                .addLast(new FramedChannel(channel, ChannelKind.ENCRYPTED, new AgentSide()));
        loop.register(channel).addListener(_ -> channel.config().setAutoRead(true));
    }

    private static byte[] bytes(DataFrame frame) {
        ByteBuf out = Unpooled.buffer();
        DataFrameCodec.encode(frame, out);
        return ByteBufUtil.getBytes(out);
    }

    private final class AgentSide implements ChannelOwner {
        @Override
        public String peer() {
            return "the gateway";
        }

        @Override
        public void onOpen(FramedChannel channel, Open open, FramedLeg opened) {
            opened.attach(new Handler());
            leg.complete(opened);
        }

        @Override
        public void onLastEnd(FramedChannel channel) {
            channel.offer(NEXT);
        }

        @Override
        public void onSessionCompleted(FramedChannel channel) {}

        @Override
        public void onClosed(FramedChannel channel, String why) {}
    }

    private final class Handler implements LegHandler {
        @Override
        public void onBytes(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onWritabilityChanged(boolean writable) {}

        @Override
        public void onEnd() {}

        @Override
        public void onEndSent() {
            told.add("end sent");
        }

        @Override
        public void onReset(EndReason reason, String why) {
            told.add("reset " + reason);
        }
    }
}
