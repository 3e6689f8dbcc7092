package io.sallyport.origins;

import java.util.HashSet;
import java.util.Set;
import org.apache.ftpserver.DataConnectionConfiguration;
import org.apache.ftpserver.ssl.SslConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Gives passive ports of a range that is the origin's own, in turn. FtpServer itself wants them
 * free on every address of the host, which they are not beside a gateway that holds the same ports.
 *
 * <p>It doesn't listen on a port to see whether it is free: a program that is started meanwhile
 * inherits that socket for a moment, and FtpServer could not listen there. A port where FtpServer
 * can't listen it doesn't give back, so nobody gets that one again. For the same reason a port that
 * was just given back has to rest; FtpServer's PassivePorts, told not to look, draws by chance.
 */
final class PortsOfARange implements DataConnectionConfiguration {
    /** What FtpServer takes for: there is none. */
    private static final int NONE = -1;

    private final DataConnectionConfiguration everythingElse;
    private final int first;
    private final int last;
    private final Set<Integer> given = new HashSet<>();
    private int next;

    PortsOfARange(DataConnectionConfiguration everythingElse, int first, int last) {
        this.everythingElse = everythingElse;
        this.first = first;
        this.last = last;
        this.next = first;
    }

    @Override
    public synchronized int requestPassivePort() {
        for (int tried = first; tried <= last; tried++) {
            int port = next;
            next = port == last ? first : port + 1;
            if (given.add(port)) {
                return port;
            }
        }
        return NONE;
    }

    @Override
    public synchronized void releasePassivePort(int port) {
        given.remove(port);
    }

    @Override
    public String getPassivePorts() {
        return first + "-" + last;
    }

    @Override
    public int getIdleTime() {
        return everythingElse.getIdleTime();
    }

    @Override
    public boolean isActiveEnabled() {
        return everythingElse.isActiveEnabled();
    }

    @Override
    public boolean isActiveIpCheck() {
        return everythingElse.isActiveIpCheck();
    }

    @Override
    public @Nullable String getActiveLocalAddress() {
        return everythingElse.getActiveLocalAddress();
    }

    @Override
    public int getActiveLocalPort() {
        return everythingElse.getActiveLocalPort();
    }

    @Override
    public @Nullable String getPassiveAddress() {
        return everythingElse.getPassiveAddress();
    }

    @Override
    public @Nullable String getPassiveExernalAddress() {
        return everythingElse.getPassiveExernalAddress();
    }

    @Override
    public boolean isPassiveIpCheck() {
        return everythingElse.isPassiveIpCheck();
    }

    @Override
    public @Nullable SslConfiguration getSslConfiguration() {
        return everythingElse.getSslConfiguration();
    }

    @Override
    public boolean isImplicitSsl() {
        return everythingElse.isImplicitSsl();
    }
}
