package io.sallyport.relay.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.sallyport.relay.linux.Sockets;
import io.sallyport.relay.linux.SystemError;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/** Sends what waits in the buffer of a channel, many pieces by one call. */
final class Outgoing {
    /** How much was sent. */
    enum Sent {
        ALL,
        /** The kernel took no more, and will tell when it does. */
        UNTIL_FULL,
        /** As many calls were made as were allowed. */
        SOME
    }

    private Outgoing() {}

    /** The same bytes where the kernel can take them from; takes over the message. */
    static ByteBuf direct(Object message, ByteBufAllocator alloc) {
        if (!(message instanceof ByteBuf buffer)) {
            throw new UnsupportedOperationException("only bytes can be sent");
        }
        if (buffer.isDirect()) {
            return buffer;
        }
        try {
            return buffer.isReadable()
                    ? alloc.directBuffer(buffer.readableBytes()).writeBytes(buffer)
                    : Unpooled.EMPTY_BUFFER;
        } finally {
            buffer.release();
        }
    }

    /** Called on the channel's loop. */
    static Sent send(ChannelOutboundBuffer written, int socket, int callsMax) throws Exception {
        var sockets = Sockets.ofThread();
        for (int left = callsMax; left > 0; left--) {
            sockets.pieces().clear();
            written.forEachFlushedMessage(
                    message -> Addresses.addPieces((ByteBuf) message, sockets.pieces()));
            long offered = sockets.pieces().bytes();
            long taken = offered == 0 ? 0 : sockets.sendPieces(socket);
            if (taken < 0 && !SystemError.isToWait(taken)) {
                throw SystemError.exception(taken);
            }
            written.removeBytes(Math.max(0, taken));
            if (taken < offered && taken != -SystemError.EINTR) {
                return Sent.UNTIL_FULL;
            }
            if (written.isEmpty()) {
                return Sent.ALL;
            }
        }
        return Sent.SOME;
    }

    /** Fails if the channel is closed, or has more to send. */
    static void requireNone(@Nullable ChannelOutboundBuffer written) throws IOException {
        if (written == null) {
            throw new ClosedChannelException();
        }
        if (written.size() > 0) {
            throw new IOException("there is more to be sent before the end");
        }
    }
}
