package io.sallyport.gateway;

import static io.sallyport.gateway.peer.TestGateway.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.peer.FakeAgent;
import io.sallyport.gateway.peer.FakeChannel;
import io.sallyport.gateway.peer.FakeControl;
import io.sallyport.gateway.peer.Partner;
import io.sallyport.gateway.peer.TestGateway;
import io.sallyport.process.Ports;
import io.sallyport.process.destination.DestinationRule.OfNetwork;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.Network;
import io.sallyport.protocol.RefusalKind;
import io.sallyport.protocol.RequestId;
import io.sallyport.protocol.SessionId;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Data connections beside a forward session: with its partner only, and as the policy allows. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ForwardDataTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final InetAddress OTHER = InetAddress.ofLiteral("127.0.0.2");

    private ServerSocket entrance;
    private ServerSocket allowed;
    private ServerSocket notAllowed;
    private TestGateway gateway;
    private FakeAgent agent;
    private FakeControl control;
    private FakeChannel channel;
    private SessionId session;

    @BeforeEach
    void open_a_forward_session(@TempDir Path folder) throws Exception {
        entrance = new ServerSocket(0, 5, LOCAL);
        allowed = new ServerSocket(0, 5, LOCAL);
        notAllowed = new ServerSocket(0, 5, LOCAL);
        gateway =
                TestGateway.in(folder)
                        .allowingPorts(20_000, 65_535)
                        .allowingDestinations(to(entrance), to(allowed))
                        .start();
        agent = gateway.agent("inside-1");
        control = agent.connect();
        control.send(
                new Connect(
                        1,
                        "forward.ftp",
                        LOCAL.getHostAddress(),
                        entrance.getLocalPort(),
                        PATIENCE,
                        PATIENCE,
                        PATIENCE));
        channel = agent.bring(control.ticket());
        session = channel.open().session();
    }

    private static OfNetwork to(ServerSocket server) {
        return new OfNetwork(
                new Network(InetAddress.ofLiteral("127.0.0.0"), 8),
                new Ports(server.getLocalPort(), server.getLocalPort()));
    }

    @AfterEach
    void close() throws Exception {
        channel.close();
        control.close();
        gateway.close();
        entrance.close();
        allowed.close();
        notAllowed.close();
    }

    private void askFor(InetAddress address, ServerSocket server) throws Exception {
        control.send(
                new ConnectPartner(
                        session, 2, new Endpoint(address, server.getLocalPort()), PATIENCE));
    }

    @Test
    void the_partner_is_reached_at_ports_that_the_policy_allows() throws Exception {
        askFor(LOCAL, allowed);
        try (var came = allowed.accept();
                FakeChannel data = agent.bring(control.ticket())) {
            assertThat(data.open().request()).isEqualTo(new RequestId(session, 2));
            came.getOutputStream().write("file".getBytes(StandardCharsets.US_ASCII));
            assertThat(data.receive()).isEqualTo("file");
        }
    }

    @Test
    void no_other_port_of_the_partner_is_reached() throws Exception {
        askFor(LOCAL, notAllowed);

        assertThat(control.next(Refused.class))
                .returns(new RequestId(session, 2), Refused::request)
                .returns(RefusalKind.NOT_ALLOWED, Refused::kind);
    }

    @Test
    void nobody_else_is_reached_even_if_the_policy_allows_it() throws Exception {
        askFor(OTHER, allowed);

        assertThat(control.next(Refused.class).kind()).isEqualTo(RefusalKind.NOT_ALLOWED);
    }

    @Test
    void the_partner_may_come_to_a_port_of_the_range_that_was_asked_for() throws Exception {
        control.send(new Listen(session, 3, 20_100, 20_199, PATIENCE));
        Endpoint bound = control.next(Listening.class).bound();
        assertThat(bound.port()).isBetween(20_100, 20_199);

        try (Partner partner = Partner.connect(bound);
                FakeChannel data = agent.bring(control.ticket())) {
            assertThat(data.open().request()).isEqualTo(new RequestId(session, 3));
            partner.send("file");
            assertThat(data.receive()).isEqualTo("file");
        }
    }

    @Test
    void a_range_that_the_policy_does_not_allow_or_that_is_none_is_refused() throws Exception {
        for (int first : new int[] {0, 19_999, 20_200}) {
            control.send(new Listen(session, first, first, 20_100, PATIENCE));

            assertThat(control.next(Refused.class).kind()).isEqualTo(RefusalKind.NOT_ALLOWED);
        }
    }
}
