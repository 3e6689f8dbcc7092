package io.sallyport.copy.ssh;

import io.sallyport.client.ForwardProxy;
import io.sallyport.copy.remote.Address;
import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.CopyException.Kind;
import io.sallyport.copy.remote.Faults;
import io.sallyport.copy.remote.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.PasswordIdentityProvider;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.keyprovider.KeyIdentityProvider;
import org.apache.sshd.common.session.SessionHeartbeatController.HeartbeatType;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/** A connection to an SSH server, logged in. */
final class SshConnection implements AutoCloseable {
    /** How much may be on its way: 16 MiB are full speed at 1 Gbit/s and 120 ms. */
    private static final long WINDOW_BYTES = 16L << 20;

    private final SshClient client;
    private final ClientSession session;

    private SshConnection(SshClient client, ClientSession session) {
        this.client = client;
        this.session = session;
    }

    static SshConnection open(Address address, Settings settings) throws IOException {
        var server = InetSocketAddress.createUnresolved(address.host(), address.port());
        var knownHosts = new KnownHosts(settings.trust(), server);
        SshClient client = SshClient.setUpDefaultClient();
        try {
            configure(client, address, settings, knownHosts);
            client.start();
            return new SshConnection(client, logIn(client, address, settings, knownHosts));
        } catch (IOException | RuntimeException failure) {
            client.stop();
            throw failure;
        }
    }

    private static void configure(
            SshClient client, Address address, Settings settings, KnownHosts knownHosts)
            throws IOException {
        Optional<ForwardProxy> proxy = settings.route().proxy();
        if (proxy.isPresent()) {
            var entry = proxy.get().withTimeout(settings.connectTimeout());
            client.setIoServiceFactoryFactory(new RoutedConnections(entry));
        }
        client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
        client.setServerKeyVerifier(knownHosts);
        client.setSignatureFactories(
                knownHosts.preferred(ClientBuilder.setUpDefaultSignatureFactories(false)));
        client.setKeyIdentityProvider(identity(settings));
        client.setPasswordIdentityProvider(
                password(settings, userOf(address) + "@" + address.server()));
        CoreModuleProperties.IO_CONNECT_TIMEOUT.set(client, settings.connectTimeout());
        CoreModuleProperties.AUTH_TIMEOUT.set(client, settings.connectTimeout());
        CoreModuleProperties.IDLE_TIMEOUT.set(client, settings.idleTimeout());
        CoreModuleProperties.WINDOW_SIZE.set(client, WINDOW_BYTES);
        CoreModuleProperties.PASSWORD_PROMPTS.set(client, 1);
        // A session that only waits, for the local disk for instance, is not idle for the server.
        client.setSessionHeartbeat(HeartbeatType.IGNORE, settings.idleTimeout().dividedBy(4));
    }

    private static KeyIdentityProvider identity(Settings settings) {
        Path file = settings.trust().identity();
        if (file == null) {
            return KeyIdentityProvider.EMPTY_KEYS_PROVIDER;
        }
        var keys = new FileKeyPairProvider(file);
        keys.setPasswordFinder(
                (_, resource, _) -> settings.secrets().passphrase(resource.getName()).orElse(null));
        return keys;
    }

    private static PasswordIdentityProvider password(Settings settings, String who) {
        return _ ->
                () -> settings.secrets().password(who).map(List::of).orElse(List.of()).iterator();
    }

    private static ClientSession logIn(
            SshClient client, Address address, Settings settings, KnownHosts knownHosts)
            throws IOException {
        long millis = settings.connectTimeout().toMillis();
        ClientSession session;
        try {
            session =
                    client.connect(userOf(address), address.host(), address.port())
                            .verify(millis)
                            .getSession();
        } catch (IOException failure) {
            throw Faults.connecting(address.server(), failure);
        }
        try {
            session.auth().verify(millis);
            return session;
        } catch (IOException failure) {
            session.close(true);
            @Nullable String refusal = knownHosts.refusal();
            if (refusal != null) {
                throw new CopyException(
                        Kind.LOGIN_REFUSED, address.server() + ": " + refusal, failure);
            }
            boolean lost =
                    session.isClosed() && !String.valueOf(failure.getMessage()).contains("auth");
            throw lost
                    ? Faults.connecting(address.server(), failure)
                    : new CopyException(
                            Kind.LOGIN_REFUSED,
                            "%s does not accept the login of %s: %s"
                                    .formatted(
                                            address.server(),
                                            userOf(address),
                                            failure.getMessage()),
                            failure);
        }
    }

    private static String userOf(Address address) {
        String user = address.user();
        return user == null ? System.getProperty("user.name") : user;
    }

    ClientSession session() {
        return session;
    }

    /** Drops the connection. */
    void abort() {
        session.close(true);
    }

    @Override
    public void close() {
        try {
            session.close(false).await(5, TimeUnit.SECONDS);
        } catch (IOException alreadyGone) {
            session.close(true);
        }
        client.stop();
    }
}
