package io.sallyport.origins;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.scp.server.ScpCommandFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.command.CommandFactory;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.shell.UnknownCommand;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SSH server that does SFTP and SCP in one folder and nothing else: no shell, no command, no
 * forwarding.
 */
public final class SshOrigin implements AutoCloseable {
    private static final int SESSIONS_PER_USER_MAX = 10_000;
    private static final List<ChannelFactory> SESSIONS_ONLY =
            List.of(ChannelSessionFactory.INSTANCE);

    private final SshServer server;
    private final InetSocketAddress address;

    private SshOrigin(SshServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Starts one that lets in whoever holds the private key of {@code authorized}, under any user
     * name.
     *
     * @param listen port 0 takes a free one
     * @throws IOException if the folder is not there or the address cannot be listened on
     */
    public static SshOrigin start(
            InetSocketAddress listen, Path folder, KeyPair hostKey, PublicKey authorized)
            throws IOException {
        SshServer server = configure(listen, folder, hostKey, authorized);
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        return start(server, listen);
    }

    /**
     * As {@link #start(InetSocketAddress, Path, KeyPair, PublicKey)}, and lets in {@code login} by
     * password too.
     */
    public static SshOrigin start(
            InetSocketAddress listen,
            Path folder,
            KeyPair hostKey,
            PublicKey authorized,
            Login login)
            throws IOException {
        SshServer server = configure(listen, folder, hostKey, authorized);
        server.setPasswordAuthenticator((user, password, _) -> login.matches(user, password));
        server.setUserAuthFactories(
                List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE));
        return start(server, listen);
    }

    private static SshServer configure(
            InetSocketAddress listen, Path folder, KeyPair hostKey, PublicKey authorized)
            throws IOException {
        SshKeys.useOnlyTheJdksCryptography();
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost(listen.getAddress().getHostAddress());
        server.setPort(listen.getPort());
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        server.setPublickeyAuthenticator((_, key, _) -> KeyUtils.compareKeys(authorized, key));
        server.setFileSystemFactory(new ConfinedFileSystemFactory(SharedFolder.of(folder)));
        server.setSubsystemFactories(List.of(new SftpSubsystemFactory()));
        server.setCommandFactory(scpOnly());
        server.setChannelFactories(SESSIONS_ONLY);
        server.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        CoreModuleProperties.MAX_CONCURRENT_SESSIONS.set(server, SESSIONS_PER_USER_MAX);
        return server;
    }

    private static SshOrigin start(SshServer server, InetSocketAddress listen) throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            server.stop(true);
            throw e;
        }
        return new SshOrigin(server, new InetSocketAddress(listen.getAddress(), server.getPort()));
    }

    private static CommandFactory scpOnly() {
        // By default another command is refused without a word, and without an exit status.
        return new ScpCommandFactory.Builder()
                .withDelegate((_, command) -> new UnknownCommand(command))
                .build();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Stops listening and drops every session. */
    @Override
    public void close() throws IOException {
        server.stop(true);
    }
}
