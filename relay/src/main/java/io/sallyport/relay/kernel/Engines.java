package io.sallyport.relay.kernel;

import io.sallyport.relay.PortableEngine;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.tcp.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the engine of a process. */
public final class Engines {
    /** The system property that turns the kernel engine off: {@code portable}. */
    private static final String CHOICE = "sallyport.engine";

    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /**
     * The kernel engine where it can work, which it does between sockets of Linux only, else the
     * portable one; the log says why.
     */
    public static RelayEngine choose() {
        if (Transport.chosen() != Transport.EPOLL
                || "portable".equals(System.getProperty(CHOICE))) {
            return new PortableEngine();
        }
        try {
            return new KernelEngine();
        } catch (LinkageError | RuntimeException unavailable) {
            Throwable cause = unavailable.getCause() == null ? unavailable : unavailable.getCause();
            LOG.atWarn()
                    .addKeyValue("error", cause.getMessage())
                    .log(
                            "the kernel can't carry bytes here, so they are copied, at about twice"
                                    + " the CPU");
            return new PortableEngine();
        }
    }
}
