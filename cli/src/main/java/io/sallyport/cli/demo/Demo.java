package io.sallyport.cli.demo;

import io.sallyport.agent.Agent;
import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.ForwardConfig;
import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.config.GatewayConfig;
import io.sallyport.gateway.config.GatewayLimits;
import io.sallyport.gateway.config.Policy;
import io.sallyport.origins.FtpOrigin;
import io.sallyport.origins.FtpPassive;
import io.sallyport.origins.HttpOrigin;
import io.sallyport.origins.Login;
import io.sallyport.origins.ServerTls;
import io.sallyport.origins.SshOrigin;
import io.sallyport.process.HostPort;
import io.sallyport.process.OperatorException;
import io.sallyport.process.Ports;
import io.sallyport.process.TlsFiles;
import io.sallyport.process.destination.DestinationRule;
import io.sallyport.process.destination.Destinations;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A gateway, an agent, and origins that they publish, all on loopback in this process. */
final class Demo implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(LOOPBACK, 0);
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final int SESSIONS_MAX = 1_000;
    private static final String SOCKS = "forward.socks";
    private static final Ports FTP_PORTS = new Ports(28_000, 28_009);
    private static final Ports FTPS_PORTS = new Ports(28_010, 28_019);

    private final DemoFolder folder;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private List<Example> examples = List.of();

    private Demo(DemoFolder folder) {
        this.folder = folder;
    }

    /** Starts everything; listeners are open when this returns. */
    static Demo start(DemoFolder folder) throws IOException, InterruptedException {
        var demo = new Demo(folder);
        try {
            demo.start();
            return demo;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            demo.close();
            throw failed;
        }
    }

    private void start() throws IOException, InterruptedException {
        var ssh =
                SshOrigin.start(
                        ANY_PORT,
                        folder.files(),
                        folder.hostKey(),
                        folder.partnerKey().getPublic());
        parts.push(ssh);
        var tls = folder.identity("origin");
        var https =
                HttpOrigin.startTls(
                        ANY_PORT, folder.files(), ServerTls.of(tls.certificate(), tls.key()));
        parts.push(https);
        var login = new Login("partner", folder.password());
        var ftp = FtpOrigin.start(ANY_PORT, folder.files(), login, FtpPassive.anyPort());
        parts.push(ftp);
        var gateway = Gateway.start(gatewayConfig());
        parts.push(gateway);
        List<ServiceConfig> services =
                List.of(
                        service("files", ServiceProtocol.SFTP, ssh.address(), null),
                        service("web", ServiceProtocol.HTTPS, https.address(), null),
                        service("ftp", ServiceProtocol.FTP, ftp.address(), plainFtp()),
                        service("ftps", ServiceProtocol.FTPS, ftp.address(), explicitFtps()));
        var agent = Agent.start(agentConfig(gateway.address(), services));
        parts.push(agent);
        List<ListenerResult> listeners = agent.awaitListeners(TEN_SECONDS);
        int socks = socksPort(agent);
        folder.writeSshConfig(port(listeners, "files"), ssh.address().getPort(), socks);
        folder.writeForward(socks);
        examples =
                new Examples(
                                folder,
                                login,
                                port(listeners, "web"),
                                port(listeners, "ftp"),
                                port(listeners, "ftps"),
                                new Examples.Outside(
                                        socks, ssh.address().getPort(), https.address().getPort()))
                        .all();
    }

    private static int socksPort(Agent agent) {
        Endpoint socks = agent.entry(SOCKS);
        if (socks == null) {
            throw new OperatorException("the demo's SOCKS entry can't be opened");
        }
        return socks.port();
    }

    private static int port(List<ListenerResult> listeners, String service) {
        return listeners.stream()
                .filter(listener -> listener.service().equals(service))
                .map(listener ->
                        switch (listener) {
                            case ListenerResult.Opened opened -> opened.bound().port();
                            case ListenerResult.Failed failed ->
                                    throw new OperatorException(
                                            "the demo's listener can't be opened: " + failed.why());
                        })
                .findFirst()
                .orElseThrow(() ->
                        new OperatorException(
                                "the demo's agent did not reach its gateway within "
                                        + TEN_SECONDS.toSeconds()
                                        + " s"));
    }

    private GatewayConfig gatewayConfig() {
        var loopback = new Policy.PortsRule(new Network(LOOPBACK, 8), 1, 65_535);
        return new GatewayConfig(
                "dmz-1",
                new Endpoint(LOOPBACK, 0),
                folder.identity("gateway"),
                TEN_SECONDS,
                folder.path("gateway.sock"),
                new Policy(List.of(), List.of(loopback), hereOnly()),
                GatewayLimits.DEFAULT);
    }

    private AgentConfig agentConfig(Endpoint gateway, List<ServiceConfig> services) {
        return new AgentConfig(
                "inside-1",
                List.of(new HostPort("127.0.0.1", gateway.port())),
                folder.identity("agent"),
                AgentConfig.Encryption.ALWAYS,
                true,
                TEN_SECONDS,
                TEN_SECONDS,
                folder.path("agent.sock"),
                true,
                services,
                forward());
    }

    private static ForwardConfig forward() {
        ForwardConfig usual = ForwardConfig.NONE;
        return new ForwardConfig(
                List.of(
                        new ForwardConfig.Entry(
                                SOCKS,
                                new ForwardConfig.Kind.Socks(),
                                new Endpoint(LOOPBACK, 0),
                                Map.of(),
                                List.of(),
                                SESSIONS_MAX)),
                hereOnly(),
                null,
                usual.handshakeTimeout(),
                usual.connectTimeout(),
                usual.idleTimeout(),
                usual.halfCloseTimeout());
    }

    private static Destinations hereOnly() {
        var everyPort = new Ports(1, 65_535);
        return new Destinations(
                List.of(new DestinationRule.OfNetwork(new Network(LOOPBACK, 8), everyPort)));
    }

    private static FtpConfig plainFtp() {
        return new FtpConfig(passive(FTP_PORTS), new PartnerTls.None(), null);
    }

    private FtpConfig explicitFtps() {
        TlsFiles shown = folder.identity("ftps");
        var tls =
                new PartnerTls.Ended(
                        PartnerTls.Ended.Start.REQUIRED,
                        shown.certificate(),
                        shown.key(),
                        null,
                        true);
        return new FtpConfig(passive(FTPS_PORTS), tls, null);
    }

    private static FtpConfig.Passive passive(Ports ports) {
        return new FtpConfig.Passive(ports, null, null, false);
    }

    private static ServiceConfig service(
            String name,
            ServiceProtocol protocol,
            InetSocketAddress origin,
            @Nullable FtpConfig ftp) {
        return new ServiceConfig(
                name,
                protocol,
                List.of(new Endpoint(LOOPBACK, 0)),
                new HostPort("127.0.0.1", origin.getPort()),
                ProxyProtocol.NONE,
                List.of(),
                List.of(),
                List.of(),
                SESSIONS_MAX,
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                TEN_SECONDS,
                ftp);
    }

    List<Example> examples() {
        return examples;
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception failed) {
                System.Logger log = System.getLogger(Demo.class.getName());
                log.log(
                        System.Logger.Level.WARNING,
                        "a part of the demo did not close: {0}",
                        failed.getMessage());
            }
        }
        parts.clear();
    }
}
