package io.sallyport.copy.ssh;

import io.sallyport.copy.remote.Trust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.client.keyverifier.KnownHostsServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Compares a host's key with the one in the user's file, under the name that the user gave,
 * whatever address it has. A key that differs is never accepted.
 */
final class KnownHosts extends KnownHostsServerKeyVerifier {
    private final InetSocketAddress server;
    private volatile @Nullable String refusal;

    KnownHosts(Trust trust, InetSocketAddress server) {
        super((_, _, _) -> trust.acceptNewHostKeys(), trust.knownHosts());
        this.server = server;
    }

    /** Why the key was not accepted; null if it was. */
    @Nullable String refusal() {
        return refusal;
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey key) {
        boolean accepted = super.verifyServerKey(session, address, key);
        if (!accepted && refusal == null) {
            refusal =
                    "its host key %s is not in %s; if it is the right one, --accept-new-host-key adds it"
                            .formatted(KeyUtils.getFingerPrint(key), getPath());
        }
        return accepted;
    }

    @Override
    public boolean acceptModifiedServerKey(
            ClientSession session,
            SocketAddress address,
            KnownHostEntry entry,
            PublicKey expected,
            PublicKey actual)
            throws Exception {
        refusal =
                ("its host key is now %s, but %s says %s: somebody may be in between; remove the"
                                + " line only if the server's operator confirms the new key")
                        .formatted(
                                KeyUtils.getFingerPrint(actual),
                                getPath(),
                                KeyUtils.getFingerPrint(expected));
        return false;
    }

    @Override
    protected Collection<SshdSocketAddress> resolveHostNetworkIdentities(
            ClientSession session, SocketAddress address) {
        return List.of(new SshdSocketAddress(server.getHostString(), server.getPort()));
    }

    /** Puts those first that fit the keys in the file, so that the host shows one that is known. */
    List<NamedFactory<Signature>> preferred(List<NamedFactory<Signature>> signatures) {
        Set<String> known = knownKeyTypes(getPath());
        return signatures.stream()
                .sorted(
                        Comparator.comparing(one ->
                                !known.contains(KeyUtils.getCanonicalKeyType(one.getName()))))
                .toList();
    }

    private Set<String> knownKeyTypes(Path file) {
        if (!Files.isReadable(file)) {
            return Set.of();
        }
        try {
            return KnownHostEntry.readKnownHostEntries(file).stream()
                    .filter(entry -> entry.isHostMatch(server.getHostString(), server.getPort()))
                    .map(entry -> entry.getKeyEntry().getKeyType())
                    .collect(Collectors.toSet());
        } catch (IOException unreadable) {
            return Set.of();
        }
    }
}
