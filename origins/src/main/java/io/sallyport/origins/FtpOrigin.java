package io.sallyport.origins;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServer;
import org.apache.ftpserver.FtpServerConfigurationException;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.impl.FtpIoSession;
import org.apache.ftpserver.listener.Listener;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.usermanager.ClearTextPasswordEncryptor;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.WritePermission;
import org.apache.mina.transport.socket.SocketSessionConfig;
import org.jspecify.annotations.Nullable;

/**
 * An FTP server for one user in one folder: plain, with TLS on request (explicit), or TLS from the
 * start (implicit).
 */
public final class FtpOrigin implements AutoCloseable {
    private static final int SESSIONS_MAX = 256;
    private static final int IDLE_SECONDS_MAX = 300;
    private static final String LISTENER = "default";

    private final FtpServer server;
    private final Listener listener;
    private final InetSocketAddress address;

    private FtpOrigin(FtpServer server, Listener listener, InetSocketAddress address) {
        this.server = server;
        this.listener = listener;
        this.address = address;
    }

    /**
     * Starts one that speaks FTP without TLS.
     *
     * @param listen port 0 takes a free one; data connections use the same address
     * @throws IOException if the folder is not there or the address cannot be listened on
     */
    public static FtpOrigin start(
            InetSocketAddress listen, Path folder, Login login, FtpPassive passive)
            throws IOException {
        return start(listenerOn(listen, passive), listen, folder, login);
    }

    /**
     * Starts one that speaks FTP, and FTPS to clients that send AUTH TLS; otherwise as {@link
     * #start}.
     */
    public static FtpOrigin startExplicitTls(
            InetSocketAddress listen, Path folder, Login login, FtpPassive passive, SSLContext tls)
            throws IOException {
        ListenerFactory listener = listenerOn(listen, passive);
        listener.setSslConfiguration(new ContextSslConfiguration(tls));
        return start(listener, listen, folder, login);
    }

    /** Starts one whose control connections begin with TLS; otherwise as {@link #start}. */
    public static FtpOrigin startImplicitTls(
            InetSocketAddress listen, Path folder, Login login, FtpPassive passive, SSLContext tls)
            throws IOException {
        ListenerFactory listener = listenerOn(listen, passive);
        listener.setSslConfiguration(new ContextSslConfiguration(tls));
        listener.setImplicitSsl(true);
        return start(listener, listen, folder, login);
    }

    private static ListenerFactory listenerOn(InetSocketAddress listen, FtpPassive passive) {
        var data = new DataConnectionConfigurationFactory();
        data.setPassivePorts(passive.ports());
        InetAddress advertised = passive.advertised();
        if (advertised != null) {
            data.setPassiveExternalAddress(advertised.getHostAddress());
        }
        data.setIdleTime(IDLE_SECONDS_MAX);

        var listener = new ListenerFactory();
        listener.setServerAddress(listen.getAddress().getHostAddress());
        listener.setPort(listen.getPort());
        listener.setIdleTimeout(IDLE_SECONDS_MAX);
        // Else the last reply of a transfer waits 40 ms until the first is acknowledged. This
        // filter
        // is the only place where FtpServer shows its connections to others.
        listener.setSessionFilter(session -> {
            ((SocketSessionConfig) session.getConfig()).setTcpNoDelay(true);
            return true;
        });
        listener.setDataConnectionConfiguration(
                passive.applyTo(data.createDataConnectionConfiguration()));
        return listener;
    }

    private static FtpOrigin start(
            ListenerFactory listenerFactory, InetSocketAddress listen, Path folder, Login login)
            throws IOException {
        SharedFolder shared = SharedFolder.of(folder);
        Listener listener = listenerFactory.createListener();
        var connections = new ConnectionConfigFactory();
        connections.setAnonymousLoginEnabled(false);
        connections.setMaxLogins(SESSIONS_MAX);
        // One thread per session, as a transfer holds its thread.
        connections.setMaxThreads(SESSIONS_MAX);

        var factory = new FtpServerFactory();
        factory.addListener(LISTENER, listener);
        factory.setConnectionConfig(connections.createConnectionConfig());
        factory.setFileSystem(user -> new ConfinedFtpView(shared, user));
        factory.setUserManager(onlyUser(login, shared));
        FtpServer server = factory.createServer();
        try {
            server.start();
        } catch (FtpException | FtpServerConfigurationException e) {
            server.stop();
            throw new IOException("cannot serve FTP at " + listen + ": " + innermostReason(e), e);
        }
        return new FtpOrigin(
                server, listener, new InetSocketAddress(listen.getAddress(), listener.getPort()));
    }

    /** FtpServer and MINA wrap the reason, "address already in use" for instance, several times. */
    private static @Nullable String innermostReason(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e.getMessage() : innermostReason(cause);
    }

    private static UserManager onlyUser(Login login, SharedFolder folder) {
        var user = new BaseUser();
        user.setName(login.user());
        user.setPassword(login.password());
        user.setHomeDirectory(folder.root().toString());
        user.setAuthorities(List.of(new WritePermission()));
        user.setMaxIdleTime(IDLE_SECONDS_MAX);

        var inMemory = new PropertiesUserManagerFactory();
        inMemory.setPasswordEncryptor(new ClearTextPasswordEncryptor());
        UserManager users = inMemory.createUserManager();
        try {
            users.save(user);
        } catch (FtpException e) {
            throw new IllegalStateException("a user kept in memory cannot fail to be saved", e);
        }
        return users;
    }

    /** Where its control connections are accepted. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Stops listening and drops every session; waits at most some seconds for running transfers to
     * notice. An encrypted download whose reader has stalled goes on until the reader moves or
     * leaves.
     */
    @Override
    public synchronized void close() {
        if (listener.isStopped()) {
            return;
        }
        // FtpServer itself would let running transfers finish. On threads of their own, as closing
        // waits for a
        // passive data connection that is being accepted.
        for (FtpIoSession session : listener.getActiveSessions()) {
            Thread.startVirtualThread(session.getDataConnection()::closeDataConnection);
        }
        server.stop();
    }
}
