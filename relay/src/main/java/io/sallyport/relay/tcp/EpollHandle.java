package io.sallyport.relay.tcp;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;

/** What an {@link EpollIoHandler} tells of its readiness. */
interface EpollHandle extends IoHandle {
    /** What can be asked of a registration; on the event loop. */
    enum Ask implements IoOps {
        /**
         * To be told of readiness from now on; for a socket that is connected, is being connected,
         * or listens, as any other looks as if it had been hung up. Gives a negative error number
         * if the kernel refuses.
         */
        WATCH,

        /** A turn without news, after those of others. */
        TURN
    }

    /** What the kernel has told; the same object is used for the next. */
    final class Readiness implements IoEvent {
        private int bits;

        void set(int bits) {
            this.bits = bits;
        }

        /** Bits of {@link io.sallyport.relay.linux.Epoll}; 0 for a turn that was asked for. */
        int bits() {
            return bits;
        }
    }

    @Override
    void close();

    /** Negative once it is closed. */
    int descriptor();
}
