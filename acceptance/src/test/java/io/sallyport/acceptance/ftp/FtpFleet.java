package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every kind of server in every way of TLS and both families, and a service for each mode of the
 * product and each server.
 *
 * <p>Services whose TLS is ended at the agent speak plain FTP to servers over IPv4 and TLS to those
 * over IPv6, so that both are seen. Those whose TLS is passed through have one server, over IPv4,
 * for partners of both families: it listens on the very ports that the gateway holds, so it needs
 * an address beside the gateway's, and of IPv6 there is but one on the loopback interface.
 */
public final class FtpFleet implements AutoCloseable {
    private static final InetAddress INSIDE = InetAddress.ofLiteral("127.0.0.2");
    private static final int PASSIVE_PORTS = 100;

    private final Path directory;
    private final ServerIdentity originIdentity;
    private final ServerIdentity agentIdentity;
    private final Map<Key, FtpServer> servers = new LinkedHashMap<>();
    private final List<Service> services = new ArrayList<>();

    /** Starts the servers of some kinds in a directory. */
    public FtpFleet(Path directory, List<FtpServerKind> kinds) {
        this.directory = FtpServerSettings.reachable(directory);
        this.originIdentity = ServerIdentity.make(directory, "origin");
        this.agentIdentity = ServerIdentity.make(directory, "agent");
        for (FtpServerKind kind : kinds) {
            for (Family family : Family.values()) {
                start(new Key(kind, family, FtpTls.EXPLICIT));
                if (kind.hasImplicitTls()) {
                    start(new Key(kind, family, FtpTls.IMPLICIT));
                }
            }
        }
    }

    private record Key(FtpServerKind kind, Family family, FtpTls tls) {}

    /** The services, for a deployment that is not started yet. */
    public Service[] services() {
        return services.toArray(Service[]::new);
    }

    /** The server that a row's transfers end at. */
    public FtpServer server(FtpRow row) {
        return server(
                row.origin(),
                row.mode().isPassThrough() ? Family.IPV4 : row.family(),
                originTls(row.mode(), row.origin(), row.family()));
    }

    /** How a row's client gets there. */
    public FtpTarget target(FtpRow row, Deployment deployment) {
        FtpServer server = server(row);
        InetAddress gateway = row.family().loopback();
        int port =
                deployment.listeners(serviceName(row.mode(), row.origin(), row.family())).stream()
                        .filter(listener -> isOf(listener, row.family()))
                        .findFirst()
                        .orElseThrow()
                        .port();
        return new FtpTarget(
                new InetSocketAddress(gateway, port),
                server.user(),
                server.password(),
                row.mode().clientTls(),
                (row.mode().isEnded() ? agentIdentity : originIdentity).certificate());
    }

    @Override
    public void close() {
        servers.values().forEach(FtpServer::close);
    }

    private void start(Key key) {
        InetAddress address = key.family() == Family.IPV4 ? INSIDE : key.family().loopback();
        FtpServerSettings settings =
                FtpServerSettings.of(directory, address, key.tls(), originIdentity)
                        .advertising(key.family().loopback());
        FtpServer server = key.kind().start(settings);
        servers.put(key, server);
        services.addAll(services(key.kind(), key.family(), key.tls(), settings, server));
    }

    private List<Service> services(
            FtpServerKind kind,
            Family family,
            FtpTls tls,
            FtpServerSettings settings,
            FtpServer server) {
        List<Service> result = new ArrayList<>();
        for (FtpMode mode : FtpMode.values()) {
            if (mode.isDirect() || originTls(mode, kind, family) != tls) {
                continue;
            }
            if (!mode.isPassThrough()) {
                int first = Ports.freeRange(PASSIVE_PORTS);
                result.add(
                        service(mode, kind, family, server, listen(family))
                                .with(
                                        "passive",
                                        "{ports: %d-%d}"
                                                .formatted(first, first + PASSIVE_PORTS - 1)));
            } else if (family == Family.IPV4) {
                result.add(
                        service(mode, kind, family, server, listen(family), listen(Family.IPV6))
                                .with("passive", "{ports: " + settings.passivePorts() + "}"));
            }
        }
        return result;
    }

    private Service service(
            FtpMode mode, FtpServerKind kind, Family family, FtpServer server, String... listen) {
        Service service =
                Service.of(serviceName(mode, kind, family), server.address().getPort())
                        .listen(listen)
                        .origin(
                                "%s:%d"
                                        .formatted(
                                                family == Family.IPV4 ? "127.0.0.2" : "[::1]",
                                                server.address().getPort()))
                        .protocol(protocol(mode))
                        // pure-ftpd may keep a session whose client has gone in the middle of ABOR.
                        .with("half-close-timeout", "10s");
        if (mode.isPassThrough()) {
            return service.with("tls", "pass-through");
        }
        if (!mode.isEnded()) {
            return service;
        }
        Service ended =
                service.with(
                        "tls",
                        "{certificate: \"%s\", key: \"%s\"}"
                                .formatted(agentIdentity.certificate(), agentIdentity.key()));
        return family == Family.IPV4
                ? ended
                : ended.with(
                                "origin-tls",
                                originTls(mode, kind, family).name().toLowerCase(Locale.ROOT))
                        .with("origin-ca", "\"" + originIdentity.certificate() + "\"");
    }

    private FtpServer server(FtpServerKind kind, Family family, FtpTls tls) {
        FtpServer server = servers.get(new Key(kind, family, tls));
        if (server == null) {
            throw new IllegalArgumentException(kind + " does not run with TLS " + tls);
        }
        return server;
    }

    /** Which server a mode needs; one with explicit TLS also serves those who do without. */
    private static FtpTls originTls(FtpMode mode, FtpServerKind kind, Family family) {
        return switch (mode) {
            case PASS_THROUGH_IMPLICIT -> FtpTls.IMPLICIT;
            case ENDED_IMPLICIT ->
                    family == Family.IPV6 && kind.hasImplicitTls()
                            ? FtpTls.IMPLICIT
                            : FtpTls.EXPLICIT;
            case DIRECT_PLAIN,
                    DIRECT_EXPLICIT,
                    DIRECT_IMPLICIT,
                    PLAIN,
                    PASS_THROUGH_EXPLICIT,
                    ENDED_EXPLICIT ->
                    FtpTls.EXPLICIT;
        };
    }

    private static String protocol(FtpMode mode) {
        return switch (mode.clientTls()) {
            case NONE -> "ftp";
            case EXPLICIT -> "ftps";
            case IMPLICIT -> "ftps-implicit";
        };
    }

    private static String serviceName(FtpMode mode, FtpServerKind kind, Family family) {
        return mode.isPassThrough()
                ? mode + "-" + kind
                : mode + "-" + kind + "-" + family.name().toLowerCase(Locale.ROOT);
    }

    private static String listen(Family family) {
        return family == Family.IPV4 ? "127.0.0.1:0" : "[::1]:0";
    }

    private static boolean isOf(Status.Listener listener, Family family) {
        return listener.bound().startsWith("[") == (family == Family.IPV6);
    }
}
