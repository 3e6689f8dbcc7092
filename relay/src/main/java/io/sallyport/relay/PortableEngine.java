package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.EndReason;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads into memory and writes from there; works with any two legs on any system. What is read on
 * one leg is written to the other, and a leg is read only while the other can take more: so a slow
 * reader slows its own sender, and a session holds at most a leg's write bound and one read for
 * each direction.
 */
public final class PortableEngine implements RelayEngine {
    @Override
    public String name() {
        return "portable";
    }

    @Override
    public Relay join(
            Leg partnerSide, Leg originSide, RelayTimeouts timeouts, RelayObserver observer) {
        var relay = new PortableRelay(partnerSide, originSide, timeouts, observer);
        relay.start();
        return relay;
    }

    private static final class PortableRelay implements Relay {
        private final Half partnerSide;
        private final Half originSide;
        private final RelayObserver observer;
        private final Silence silence;
        private boolean over;

        PortableRelay(
                Leg partnerSide, Leg originSide, RelayTimeouts timeouts, RelayObserver observer) {
            this.partnerSide = new Half(partnerSide, originSide);
            this.originSide = new Half(originSide, partnerSide);
            this.observer = observer;
            silence = new Silence(partnerSide.loop(), timeouts, this::finish);
        }

        void start() {
            silence.start();
            partnerSide.leg.attach(partnerSide);
            if (!over) {
                originSide.leg.attach(originSide);
            }
        }

        @Override
        public long bytesFromPartner() {
            return partnerSide.bytes.get();
        }

        @Override
        public long bytesFromOrigin() {
            return originSide.bytes.get();
        }

        @Override
        public void touch() {
            silence.broken();
        }

        @Override
        public void abort(EndReason reason, String why) {
            if (partnerSide.leg.loop().inEventLoop()) {
                finish(reason, why);
            } else {
                partnerSide.leg.loop().execute(() -> finish(reason, why));
            }
        }

        private void completeIfEnded() {
            if (partnerSide.hasEnded() && originSide.hasEnded()) {
                finish(EndReason.COMPLETED, "");
            }
        }

        private void finish(EndReason reason, String why) {
            if (over) {
                return;
            }
            over = true;
            silence.stop();
            if (reason == EndReason.COMPLETED) {
                partnerSide.leg.close();
                originSide.leg.close();
            } else {
                partnerSide.leg.reset(reason, why);
                originSide.leg.reset(reason, why);
            }
            observer.onRelayEnded(reason, why);
        }

        /** What happens on one leg, seen from the relay: bytes and ends go to the other one. */
        private final class Half implements LegHandler {
            private final Leg leg;
            private final Leg other;
            private final AtomicLong bytes = new AtomicLong();
            private boolean inputEnded;
            private boolean endSent;

            Half(Leg leg, Leg other) {
                this.leg = leg;
                this.other = other;
            }

            boolean hasEnded() {
                return inputEnded && endSent;
            }

            @Override
            public void onBytes(ByteBuf received) {
                if (over) {
                    received.release();
                    return;
                }
                onPassed(received.readableBytes());
                other.write(received);
            }

            @Override
            public void onPassed(long passed) {
                bytes.setOpaque(bytes.getPlain() + passed);
                silence.broken();
            }

            @Override
            public void onReadComplete() {
                if (!over) {
                    other.flush();
                }
            }

            @Override
            public void onWritabilityChanged(boolean writable) {
                if (!over) {
                    other.setReading(writable);
                    // A slow reader that takes bytes is not silent.
                    silence.broken();
                }
            }

            @Override
            public void onEnd() {
                if (over || inputEnded) {
                    return;
                }
                inputEnded = true;
                silence.halfClosed();
                if (endSent) {
                    other.endLast();
                } else {
                    other.end();
                }
            }

            @Override
            public void onEndSent() {
                if (!over) {
                    endSent = true;
                    completeIfEnded();
                }
            }

            @Override
            public void onReset(EndReason reason, String why) {
                finish(reason, why);
            }
        }
    }
}
