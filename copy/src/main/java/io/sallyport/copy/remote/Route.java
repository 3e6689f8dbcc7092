package io.sallyport.copy.remote;

import io.sallyport.client.ForwardProxy;
import io.sallyport.client.ForwardProxySelector;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.Set;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** The way to partners: through an agent, or direct. */
public sealed interface Route {

    /** Without any proxy. */
    record Direct() implements Route {}

    /**
     * Through an agent.
     *
     * @param socks null if the agent has no SOCKS entry; one object for all connections, since it
     *     remembers which names the addresses that clients see stand for
     * @param http null if it has no HTTP entry
     * @param user null if the entries ask for none
     * @param password whose is the user's; null if there is no user
     */
    record ThroughAgent(
            @Nullable ForwardProxy socks,
            @Nullable InetSocketAddress http,
            @Nullable String user,
            @Nullable String password)
            implements Route {

        /** The same, given where the entries are. */
        public static ThroughAgent at(
                @Nullable InetSocketAddress socks,
                @Nullable InetSocketAddress http,
                @Nullable String user,
                @Nullable String password) {
            if (socks == null) {
                return new ThroughAgent(null, http, user, password);
            }
            var proxy = ForwardProxy.at(socks.getHostString(), socks.getPort());
            return new ThroughAgent(
                    user == null || password == null ? proxy : proxy.withLogin(user, password),
                    http,
                    user,
                    password);
        }

        @Override
        public String toString() {
            return "through the agent's entry";
        }
    }

    /** The way through an agent's SOCKS entry; empty if it is direct. */
    default Optional<ForwardProxy> proxy() throws CopyException {
        return switch (this) {
            case Direct _ -> Optional.empty();
            case ThroughAgent(var socks, _, _, _) -> {
                if (socks == null) {
                    throw CopyException.usage(
                            "the agent's configuration has no forward.socks, which this needs");
                }
                yield Optional.of(socks);
            }
        };
    }

    default SocketFactory sockets() throws CopyException {
        return proxy().map(ForwardProxy::socketFactory).orElseGet(SocketFactory::getDefault);
    }

    /** Makes listeners for data connections of one server. */
    default ServerSocketFactory listeners(String server) throws CopyException {
        return proxy().map(proxy -> proxy.serverSocketFactory(server))
                .orElseGet(ServerSocketFactory::getDefault);
    }

    /** What java.net.http asks for the way. */
    default ProxySelector web() throws CopyException {
        return switch (this) {
            case Direct _ -> HttpClient.Builder.NO_PROXY;
            case ThroughAgent(_, var http, _, _) -> {
                if (http == null) {
                    throw CopyException.usage(
                            "the agent's configuration has no forward.http, which http and https"
                                    + " need");
                }
                yield new ForwardProxySelector(http, null, Set.of());
            }
        };
    }
}
