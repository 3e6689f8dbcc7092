package io.sallyport.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends java.net.http, and whatever else asks a {@link ProxySelector}, to an agent: http and https
 * to its HTTP entry, everything else, plain sockets for instance, to its SOCKS5 entry.
 */
public final class ForwardProxySelector extends ProxySelector {
    private static final Set<String> WEB = Set.of("http", "https", "ws", "wss");

    private final @Nullable InetSocketAddress http;
    private final @Nullable InetSocketAddress socks;
    private final Set<String> direct;

    /**
     * @param http what the agent's configuration calls {@code forward.http.listen}; null if it is
     *     not to be used
     * @param socks the same of {@code forward.socks.listen}
     * @param direct hosts, as URLs write them, that are reached without the agent
     */
    public ForwardProxySelector(
            @Nullable InetSocketAddress http,
            @Nullable InetSocketAddress socks,
            Set<String> direct) {
        this.http = http;
        this.socks = socks;
        this.direct = Set.copyOf(direct);
    }

    /** One answer only: there is no way around the agent if it does not answer. */
    @Override
    public List<Proxy> select(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        @Nullable String host = uri.getHost();
        if (host != null && direct.contains(host)) {
            return List.of(Proxy.NO_PROXY);
        }
        boolean web = WEB.contains(scheme);
        InetSocketAddress entry = web ? http : socks;
        if (entry == null) {
            throw new IllegalArgumentException(
                    "no entry of the forward proxy is configured for " + scheme);
        }
        return List.of(new Proxy(web ? Proxy.Type.HTTP : Proxy.Type.SOCKS, entry));
    }

    /** Nothing to choose from: the caller tells the failure. */
    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}
