package io.sallyport.relay.tcp;

import io.netty.buffer.ByteBuf;
import io.sallyport.relay.linux.Pieces;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Where the bytes of direct buffers are in memory; valid while a buffer is held. */
final class Addresses {
    private Addresses() {}

    /** Of the bytes that are to be written into it. */
    static long ofRoom(ByteBuf buffer) {
        return buffer.hasMemoryAddress()
                ? buffer.memoryAddress() + buffer.writerIndex()
                : of(buffer.internalNioBuffer(buffer.writerIndex(), buffer.writableBytes()));
    }

    /** Whether there was room for all of the bytes that are to be read from it. */
    static boolean addPieces(ByteBuf buffer, Pieces to) {
        int bytes = buffer.readableBytes();
        if (bytes == 0) {
            return true;
        }
        if (buffer.hasMemoryAddress()) {
            return to.add(buffer.memoryAddress() + buffer.readerIndex(), bytes);
        }
        if (buffer.nioBufferCount() == 1) {
            return to.add(of(buffer.internalNioBuffer(buffer.readerIndex(), bytes)), bytes);
        }
        for (ByteBuffer part : buffer.nioBuffers()) {
            if (part.hasRemaining() && !to.add(of(part), part.remaining())) {
                return false;
            }
        }
        return true;
    }

    private static long of(ByteBuffer direct) {
        return MemorySegment.ofBuffer(direct).address();
    }
}
