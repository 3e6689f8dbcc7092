package io.sallyport.relay.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Small buffers for what is used up at once, as most is that a loop reads and writes. Each is lent
 * again as soon as nobody holds it: so no allocator is asked, and the bytes stay in the processor's
 * cache. For one thread.
 */
public final class LentBuffers {
    static final int BYTES_MAX = 2048;

    /** So many may be held at once, by connections whose peers are slow. */
    static final int COUNT = 16;

    private static final FastThreadLocal<LentBuffers> OF_THREAD =
            new FastThreadLocal<>() {
                @Override
                protected LentBuffers initialValue() {
                    return new LentBuffers(!ResourceLeakDetector.isEnabled());
                }

                @Override
                protected void onRemoval(LentBuffers ended) {
                    ended.release();
                }
            };

    private final @Nullable ByteBuf[] buffers = new ByteBuf[COUNT];
    private final boolean lends;

    /**
     * @param lends otherwise each buffer is one of its own, which a search for leaks can tell from
     *     others
     */
    LentBuffers(boolean lends) {
        this.lends = lends;
    }

    public static LentBuffers ofThread() {
        return OF_THREAD.get();
    }

    /**
     * An empty direct buffer with room for so many bytes at least; from the allocator if they are
     * many, or all buffers are held. To be released as any other.
     */
    public ByteBuf lend(ByteBufAllocator alloc, int bytes) {
        ByteBuf free = lends && bytes <= BYTES_MAX ? free() : null;
        return free == null ? alloc.directBuffer(bytes) : free.clear().retain();
    }

    private @Nullable ByteBuf free() {
        for (int i = 0; i < COUNT; i++) {
            ByteBuf buffer = buffers[i];
            if (buffer == null) {
                buffer = Unpooled.directBuffer(BYTES_MAX, BYTES_MAX);
                buffers[i] = buffer;
            }
            if (buffer.refCnt() == 1) {
                return buffer;
            }
        }
        return null;
    }

    /** Whoever holds one of them keeps it. */
    void release() {
        for (ByteBuf buffer : buffers) {
            if (buffer != null) {
                buffer.release();
            }
        }
    }
}
