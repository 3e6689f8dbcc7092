package io.sallyport.relay.kernel;

import io.netty.util.concurrent.FastThreadLocal;
import io.sallyport.relay.Leg;
import io.sallyport.relay.PlainLeg;
import io.sallyport.relay.PortableEngine;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import java.util.List;

/**
 * Between two legs in the clear, lets the kernel carry what comes in bulk (splice), and leaves
 * everything else to the portable engine. A session holds at most one pipe for each direction, and
 * only while the receiver is the slower side: 1 MiB more than with the portable engine.
 */
public final class KernelEngine implements RelayEngine {
    private final RelayEngine portable = new PortableEngine();
    private final FastThreadLocal<Pipes> pipes;

    /**
     * @throws LinkageError if this JVM may not call the system
     * @throws RuntimeException if it does not tell what is needed, or the system refuses
     */
    public KernelEngine() {
        this(Pipes.SHARES);
        new SystemCalls().probe();
    }

    KernelEngine(List<Pipes.Share> shares) {
        pipes =
                new FastThreadLocal<>() {
                    @Override
                    protected Pipes initialValue() {
                        return new Pipes(shares);
                    }

                    @Override
                    protected void onRemoval(Pipes ofEndedLoop) {
                        ofEndedLoop.close();
                    }
                };
    }

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Relay join(
            Leg partnerSide, Leg originSide, RelayTimeouts timeouts, RelayObserver observer) {
        if (partnerSide instanceof PlainLeg partner
                && originSide instanceof PlainLeg origin
                && partner.channel().hasDescriptor()
                && origin.channel().hasDescriptor()) {
            Pipes ofLoop = pipes.get();
            return portable.join(
                    new BulkLeg(partner, origin, ofLoop),
                    new BulkLeg(origin, partner, ofLoop),
                    timeouts,
                    observer);
        }
        return portable.join(partnerSide, originSide, timeouts, observer);
    }
}
