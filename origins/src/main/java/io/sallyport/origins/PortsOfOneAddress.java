package io.sallyport.origins;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.apache.ftpserver.DataConnectionConfiguration;
import org.apache.ftpserver.ssl.SslConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Gives passive ports that are free on the address that the origin listens on. FtpServer itself
 * wants them free on every address of the host, which they are not beside a gateway that holds the
 * same ports.
 */
final class PortsOfOneAddress implements DataConnectionConfiguration {
    /** What FtpServer takes for: there is none. */
    private static final int NONE = -1;

    private final DataConnectionConfiguration everythingElse;
    private final InetAddress address;
    private final int first;
    private final int last;
    private final Set<Integer> given = new HashSet<>();
    private int next;

    PortsOfOneAddress(
            DataConnectionConfiguration everythingElse, InetAddress address, int first, int last) {
        this.everythingElse = everythingElse;
        this.address = address;
        this.first = first;
        this.last = last;
        this.next = first;
    }

    @Override
    public synchronized int requestPassivePort() {
        for (int tried = first; tried <= last; tried++) {
            int port = next;
            next = port == last ? first : port + 1;
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        return NONE;
    }

    @Override
    public synchronized void releasePassivePort(int port) {
        given.remove(port);
    }

    private boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, address)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
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
