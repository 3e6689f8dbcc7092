package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrame.Reset;
import io.sallyport.protocol.DataFrame.SealedOpen;
import io.sallyport.protocol.DataFrameDecoder;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.ProtocolException;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.tcp.TcpChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A data channel: frames that travel over TLS, which is before it in the pipeline, or in the clear.
 * Carries one session after the other, each as a {@link Leg}.
 *
 * <pre>
 * Idle ─Ready→ Idle ─Open→ Carrying ─End sent and received, leg closed→ Idle
 *   └──────────────────────┴── Reset, a lost connection, a frame out of turn ──→ closed
 * </pre>
 */
public final class FramedChannel extends ChannelInboundHandlerAdapter {
    /** How long the peer may take to read a reset, and close. */
    private static final int RESET_SECONDS = 2;

    private final TcpChannel channel;
    private final ChannelKind kind;
    private final ChannelOwner owner;
    private final FrameWriter frames;
    private final DataFrameDecoder decoder = new DataFrameDecoder();
    private int sessionsCarried;
    private @Nullable FramedLeg carrying;
    private @Nullable Ticket readyAfterSession;
    private boolean closed;
    private boolean frameUnderWay;
    private boolean offeredAhead;

    public FramedChannel(TcpChannel channel, ChannelKind kind, ChannelOwner owner) {
        this.channel = channel;
        frames = new FrameWriter(channel);
        this.kind = kind;
        this.owner = owner;
    }

    public EventLoop loop() {
        return channel.eventLoop();
    }

    /** Sessions that it has carried, with the one that it carries. */
    public int sessionsCarried() {
        return sessionsCarried;
    }

    public boolean isCarrying() {
        return carrying != null;
    }

    public boolean isUsable() {
        return !closed && channel.isActive();
    }

    /** At the agent: offers the channel for a session, at the soonest with the last END of one. */
    public void offer(Ticket ticket) {
        offeredAhead = carrying != null;
        frames.send(new Ready(ticket));
    }

    /**
     * At the gateway: opens a session on a channel that was offered. Bytes may be written at once.
     *
     * @param open {@link DataFrame.Open}, or {@link DataFrame.SealedOpen} on a plain channel
     * @param onOpened runs when the agent says that the origin is connected
     */
    public FramedLeg open(DataFrame open, Runnable onOpened) {
        FramedLeg leg = carry(onOpened);
        frames.sendWithNext(open, FrameWriter.UNTIL_READ);
        return leg;
    }

    private FramedLeg carry(@Nullable Runnable onOpened) {
        FramedLeg leg =
                switch (kind) {
                    case ENCRYPTED -> new FramedLeg(onOpened);
                    case PLAIN -> new PlainFramedLeg(onOpened);
                };
        carrying = leg;
        sessionsCarried++;
        offeredAhead = false;
        return leg;
    }

    /** Ends the connection in order, which aborts a session that it carries. */
    public void close() {
        channel.closeInOrder();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            decode(bytes);
        } finally {
            bytes.release();
        }
    }

    private void decode(ByteBuf bytes) {
        if (closed) {
            return;
        }
        try {
            decoder.feed(bytes, this::receive);
        } catch (ProtocolException fault) {
            fail(
                    EndReason.PROTOCOL_ERROR,
                    owner.peer() + " broke the protocol of data channels: " + fault.getMessage());
        }
    }

    private void receive(DataFrame frame) throws ProtocolException {
        if (closed) {
            if (frame instanceof Data(var bytes)) {
                bytes.release();
            }
            return;
        }
        FramedLeg leg = carrying;
        switch (frame) {
            case Ready(var ticket) -> ready(ticket, leg);
            case Open open -> {
                requireTurn(leg, ChannelKind.ENCRYPTED);
                owner.onOpen(this, open, carry(null));
            }
            case SealedOpen sealed -> {
                requireTurn(leg, ChannelKind.PLAIN);
                owner.onOpen(this, owner.unseal(sealed), carry(null));
            }
            case Opened() -> carried(leg, "OPENED").opened();
            case Data(var bytes) -> {
                if (leg == null || leg.attachment.isEnded()) {
                    bytes.release();
                    throw new ProtocolException("DATA outside a session");
                }
                leg.received(bytes);
            }
            case End() -> carried(leg, "END").receivedEnd();
            case Reset(var reason, var why) -> {
                // Without a session it crossed the end of the last one.
                if (leg != null) {
                    leg.lose(reason, why);
                }
                channel.closeInOrder();
            }
        }
    }

    private void ready(Ticket ticket, @Nullable FramedLeg leg) throws ProtocolException {
        if (leg == null) {
            owner.onReady(this, ticket);
        } else if (leg.attachment.isEnded()
                && leg.attachment.isEndSent()
                && readyAfterSession == null) {
            // The agent is done; our own last bytes are still on their way to the partner.
            readyAfterSession = ticket;
        } else {
            throw new ProtocolException("READY while a session is carried");
        }
    }

    private void requireTurn(@Nullable FramedLeg leg, ChannelKind where) throws ProtocolException {
        if (leg != null || kind != where) {
            throw new ProtocolException("OPEN out of turn");
        }
    }

    private static FramedLeg carried(@Nullable FramedLeg leg, String frame)
            throws ProtocolException {
        if (leg == null) {
            throw new ProtocolException(frame + " outside a session");
        }
        return leg;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (carrying != null) {
            carrying.attachment.readComplete();
        }
        frames.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (carrying != null) {
            carrying.attachment.writabilityChanged(channel.isWritable());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(
                EndReason.CHANNEL_LOST,
                "the data channel to " + owner.peer() + " was lost: " + cause.getMessage());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(EndReason.CHANNEL_LOST, "the data channel to " + owner.peer() + " was lost");
    }

    private void fail(EndReason reason, String why) {
        if (closed) {
            return;
        }
        closed = true;
        channel.close();
        if (carrying != null) {
            carrying.lose(reason, why);
        }
        owner.onClosed(this, why);
    }

    /** The session that a data channel carries. */
    public class FramedLeg implements ChannelLeg {
        private @Nullable Runnable onOpened;
        private final Attachment attachment = new Attachment();
        private int sentAhead;

        private FramedLeg(@Nullable Runnable onOpened) {
            this.onOpened = onOpened;
        }

        /** At the agent: tells the gateway that the origin is connected. */
        public void confirmOpened() {
            // Nobody waits for it if the partner's bytes came without it.
            var until = attachment.hasEarly() ? FrameWriter.UNTIL_ANSWERED : FrameWriter.UNTIL_READ;
            frames.sendWithNext(new Opened(), until);
        }

        private void opened() throws ProtocolException {
            Runnable told = onOpened;
            if (told == null) {
                throw new ProtocolException("OPENED out of turn");
            }
            onOpened = null;
            told.run();
        }

        @Override
        public EventLoop loop() {
            return channel.eventLoop();
        }

        @Override
        public void watch(LossWatcher watcher) {
            attachment.watch(watcher);
        }

        @Override
        public void attach(LegHandler handler) {
            if (!attachment.isOver()) {
                setReading(true);
            }
            attachment.attach(handler);
        }

        @Override
        public void sendAhead(ByteBuf bytes) {
            frames.writeData(bytes.retainedSlice());
            sentAhead += bytes.readableBytes();
            frames.flush();
        }

        @Override
        public void write(ByteBuf bytes) {
            int sent = Math.min(sentAhead, bytes.readableBytes());
            sentAhead -= sent;
            bytes.skipBytes(sent);
            if (bytes.isReadable()) {
                frames.writeData(bytes);
            } else {
                bytes.release();
            }
        }

        @Override
        public void flush() {
            frames.flush();
        }

        @Override
        public boolean isWritable() {
            return channel.isWritable();
        }

        @Override
        public void setReading(boolean reading) {
            // Once the session's input has ended, what arrives is of the channel, not of the
            // session.
            channel.config().setAutoRead(reading || attachment.isEnded());
        }

        @Override
        public void end() {
            writeEnd();
            frames.flush();
        }

        @Override
        public void endLast() {
            writeEnd();
            owner.onLastEnd(FramedChannel.this);
            frames.flush();
        }

        private void writeEnd() {
            frames.write(new End())
                    .addListener((ChannelFuture sent) -> {
                        if (sent.isSuccess()) {
                            attachment.endSent();
                        }
                    });
        }

        @Override
        public void close() {
            if (attachment.isOver()) {
                return;
            }
            attachment.over();
            carrying = null;
            if (closed) {
                return;
            }
            channel.config().setAutoRead(true);
            owner.onSessionCompleted(FramedChannel.this);
            Ticket next = readyAfterSession;
            readyAfterSession = null;
            if (next != null) {
                try {
                    owner.onReady(FramedChannel.this, next);
                } catch (ProtocolException fault) {
                    fail(EndReason.PROTOCOL_ERROR, fault.getMessage());
                }
            }
        }

        @Override
        public void reset(EndReason reason, String why) {
            if (attachment.isOver()) {
                return;
            }
            attachment.over();
            if (closed) {
                return;
            }
            // Within a frame there can be no RESET; behind READY it would be the next session's.
            if (frameUnderWay || offeredAhead) {
                channel.close();
                return;
            }
            // The peer closes when it has read this. Closing first would meet what it still sends
            // with a reset by the kernel, which can overtake the explanation.
            frames.write(new Reset(reason, why)).addListener(sent -> channel.lingerOnClose());
            frames.flush();
            channel.config().setAutoRead(true);
            loop().schedule(() -> channel.close(), RESET_SECONDS, TimeUnit.SECONDS);
        }

        private void received(ByteBuf bytes) {
            if (!attachment.bytes(bytes)) {
                channel.config().setAutoRead(false);
            }
        }

        private void receivedEnd() throws ProtocolException {
            if (attachment.isEnded()) {
                throw new ProtocolException("END twice");
            }
            channel.config().setAutoRead(true);
            attachment.end();
        }

        private void lose(EndReason reason, String why) {
            boolean done = attachment.isEnded() && attachment.isEndSent();
            if (!attachment.isOver() && !(done && reason == EndReason.CHANNEL_LOST)) {
                attachment.lose(reason, why);
            }
        }
    }

    /** A session on a channel in the clear, whose bytes someone else may move. */
    private final class PlainFramedLeg extends FramedLeg implements PlainLeg {
        PlainFramedLeg(@Nullable Runnable onOpened) {
            super(onOpened);
        }

        @Override
        public TcpChannel channel() {
            return channel;
        }

        @Override
        public int sessionBytesNext() {
            return decoder.dataBytesLeft();
        }

        @Override
        public void taken(int bytes) {
            decoder.skipData(bytes);
        }

        @Override
        public int headerBytesNext() {
            return decoder.isCollecting() ? 0 : decoder.headerBytesLeft();
        }

        @Override
        public void onHeader(ByteBuf bytes) {
            decode(bytes);
        }

        @Override
        public boolean isFramed() {
            return true;
        }

        @Override
        public void setFrameUnderWay(boolean underWay) {
            frameUnderWay = underWay;
        }

        @Override
        public void lose(String what) {
            fail(EndReason.CHANNEL_LOST, "the data channel to " + owner.peer() + " " + what);
        }
    }
}
