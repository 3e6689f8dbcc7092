package io.sallyport.gateway.peer;

import io.netty.pkitesting.X509Bundle;
import io.sallyport.gateway.Gateway;
import io.sallyport.gateway.config.GatewayConfig;
import io.sallyport.gateway.config.GatewayLimits;
import io.sallyport.gateway.config.Policy;
import io.sallyport.gateway.config.Policy.PortsRule;
import io.sallyport.process.destination.DestinationRule;
import io.sallyport.process.destination.Destinations;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import io.sallyport.protocol.ServiceSpec;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A gateway on loopback, patient where a test does not say otherwise, and its authority. */
public final class TestGateway implements AutoCloseable {
    public static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");

    private static final Duration PATIENT = Duration.ofMinutes(5);

    private final Certificates certificates;
    private final Gateway gateway;

    private TestGateway(Certificates certificates, Gateway gateway) {
        this.certificates = certificates;
        this.gateway = gateway;
    }

    /** A gateway in the making; its certificate and key come into the folder. */
    public static Setup in(Path folder) {
        return new Setup(folder);
    }

    /** What a gateway is started with. */
    public static final class Setup {
        private final Path folder;
        private Duration heartbeat = PATIENT;
        private List<String> agents = List.of();
        private PortsRule listeners = new PortsRule(new Network(LOCAL, 8), 1, 65_535);
        private Destinations destinations = Destinations.NONE;
        private int parkedPartners = 100;
        private Duration parkTimeout = PATIENT;
        private Duration agentGrace = PATIENT;

        private Setup(Path folder) {
            this.folder = folder;
        }

        public Setup heartbeat(Duration every) {
            heartbeat = every;
            return this;
        }

        public Setup allowingAgents(String... names) {
            agents = List.of(names);
            return this;
        }

        public Setup allowingPorts(int first, int last) {
            listeners = new PortsRule(new Network(LOCAL, 8), first, last);
            return this;
        }

        public Setup allowingDestinations(DestinationRule... rules) {
            destinations = new Destinations(List.of(rules));
            return this;
        }

        public Setup parking(int partners, Duration atMost) {
            parkedPartners = partners;
            parkTimeout = atMost;
            return this;
        }

        public Setup agentGrace(Duration grace) {
            agentGrace = grace;
            return this;
        }

        public TestGateway start() throws Exception {
            var certificates = new Certificates();
            return new TestGateway(
                    certificates,
                    Gateway.start(
                            new GatewayConfig(
                                    "dmz-1",
                                    new Endpoint(LOCAL, 0),
                                    certificates.gateway("dmz-1", folder),
                                    heartbeat,
                                    folder.resolve("unused.sock"),
                                    new Policy(agents, List.of(listeners), destinations),
                                    limits())));
        }

        private GatewayLimits limits() {
            GatewayLimits usual = GatewayLimits.DEFAULT;
            return new GatewayLimits(
                    usual.sessions(),
                    usual.sessionsPerAddress(),
                    usual.newSessionsPerSecondPerAddress(),
                    parkedPartners,
                    parkTimeout,
                    agentGrace,
                    usual.handshakes(),
                    usual.handshakesPerAddress(),
                    usual.handshakeTimeout(),
                    usual.warmChannels());
        }
    }

    /** An agent with a certificate of the gateway's authority. */
    public FakeAgent agent(String name) throws Exception {
        return agent(certificates.agent(name));
    }

    /** An agent with any certificate. */
    public FakeAgent agent(X509Bundle identity) throws Exception {
        return new FakeAgent(identity, certificates.authority(), gateway.address());
    }

    /** A service on encrypted data channels. */
    public static ServiceSpec service(String name, Endpoint... listeners) {
        return service(name, ChannelKind.ENCRYPTED, listeners);
    }

    public static ServiceSpec service(String name, ChannelKind kind, Endpoint... listeners) {
        return new ServiceSpec(
                name,
                kind,
                List.of(listeners),
                List.of(),
                List.of(),
                List.of(),
                1_000,
                PATIENT,
                PATIENT,
                null);
    }

    /** A listener on loopback. */
    public static Endpoint local(int port) {
        return new Endpoint(LOCAL, port);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
