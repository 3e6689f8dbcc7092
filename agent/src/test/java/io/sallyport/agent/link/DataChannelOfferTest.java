package io.sallyport.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.Loops;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.TcpServerChannel;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class DataChannelOfferTest {
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final Endpoint SOMEWHERE = new Endpoint(LOCAL, 1);
    private static final Open OPEN =
            new Open(
                    new SessionOpening(SessionId.random(), "files", SOMEWHERE, SOMEWHERE),
                    Ticket.random());

    private final Loops loops = new Loops();
    private final List<SessionOpening> opened = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loops.close();
    }

    /** Nor while the channel that is not offered again is being closed. */
    @Test
    void one_offer_is_for_one_session() throws Exception {
        try (var gateway = new Socket(LOCAL, listen())) {
            gateway.setSoTimeout(20_000);
            ByteBuf frames = Unpooled.buffer();
            DataFrameCodec.encode(OPEN, frames);
            DataFrameCodec.encode(new End(), frames);
            DataFrameCodec.encode(OPEN, frames);

            gateway.getOutputStream().write(ByteBufUtil.getBytes(frames));

            gateway.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        assertThat(opened).containsExactly(OPEN.opening());
    }

    private int listen() throws Exception {
        var server = TcpServerChannel.open(loops.core(), LOCAL);
        server.pipeline()
                .addLast(
                        new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object accepted) {
                                var connection = (TcpChannel) accepted;
                                loops.core()
                                        .register(connection)
                                        .addListener(
                                                _ -> channel(connection).offer(Ticket.random()));
                            }
                        });
        loops.core().register(server).sync();
        server.bind(new InetSocketAddress(LOCAL, 0)).sync();
        return server.localAddress().getPort();
    }

    private DataChannel channel(TcpChannel connection) {
        return new DataChannel(
                connection,
                ChannelKind.ENCRYPTED,
                OpeningKey.random(),
                "gateway",
                loops,
                _ -> {},
                new Once());
    }

    /** Lets a channel carry one session, which ends at once on this side. */
    private final class Once implements DataChannel.Observer {
        @Override
        public boolean mayReuse() {
            return false;
        }

        @Override
        public void onOffered(DataChannel channel, Ticket ticket) {}

        @Override
        public void onOpened(Ticket ticket, SessionOpening opening, SessionChannel session) {
            opened.add(opening);
            Leg leg = session.leg();
            leg.attach(new Closing(leg));
            leg.end();
        }

        @Override
        public void onGone(DataChannel channel, @Nullable Ticket offeredWith) {}
    }

    private record Closing(Leg leg) implements LegHandler {
        @Override
        public void onBytes(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onWritabilityChanged(boolean writable) {}

        @Override
        public void onEnd() {
            leg.close();
        }

        @Override
        public void onEndSent() {}

        @Override
        public void onReset(EndReason reason, String why) {}
    }
}
