package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.agent.peer.Configuration;
import io.sallyport.agent.peer.FakeControl;
import io.sallyport.agent.peer.FakeSession;
import io.sallyport.agent.peer.Origin;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.OpenRaw;
import io.sallyport.protocol.ControlMessage.RawEnded;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RawSessionTest extends AgentBench {
    private static final byte[] EIGHT_MIB = new byte[8 * 1024 * 1024];

    static {
        new Random(7).nextBytes(EIGHT_MIB);
    }

    @Test
    void only_services_that_are_encrypted_already_are_carried_raw() throws Exception {
        var plain =
                Configuration.service(
                        "web", ServiceProtocol.HTTP, echo.address(), ProxyProtocol.NONE);
        agent =
                Agent.start(
                        configuration(files(echo.address()), plain)
                                .encrypting(Encryption.AUTO)
                                .build());

        assertThat(gateway.control().welcomeAndPublish().services())
                .extracting(ServiceSpec::kind)
                .containsExactly(ChannelKind.RAW, ChannelKind.FRAMED);
    }

    @Test
    void bytes_and_both_ends_go_through() throws Exception {
        try (var origin = new Origin()) {
            var session = raw(connectedRaw(origin), "files");
            try (Socket connection = origin.accept()) {
                session.send(EIGHT_MIB);
                session.end();

                byte[] received = connection.getInputStream().readAllBytes();
                connection.getOutputStream().write(received);
                connection.shutdownOutput();

                assertThat(session.awaitEnd()).isEqualTo(EIGHT_MIB);
            }
        }
        gateway.awaitDataChannels(0);
        assertThat(log.awaitLine("session ended").field("reason")).isEqualTo("completed");
    }

    @Test
    void bytes_and_the_end_may_be_ahead_of_the_name_of_the_session() throws Exception {
        var control = connectedRaw(echo);
        control.dial(ChannelKind.RAW, 1);
        var offer = gateway.rawOffer();
        SessionOpening opening = FakeSession.opening("files");
        var session = FakeSession.carry(offer, opening);

        session.send("early");
        session.end();
        control.send(new OpenRaw(offer.ticket(), opening));

        assertThat(session.awaitEnd()).asString().isEqualTo("early");
    }

    @Test
    void why_an_origin_can_not_be_had_is_told_on_the_control_channel() throws Exception {
        var origin = new Origin();
        origin.close();
        var control = connectedRaw(origin);

        var session = raw(control, "files");

        assertThat(control.next(RawEnded.class))
                .isEqualTo(
                        new RawEnded(
                                session.id(),
                                EndReason.ORIGIN_REFUSED,
                                "service files: origin "
                                        + origin.address()
                                        + " refused the connection"));
        session.awaitReset();
    }

    @Test
    void an_origin_that_resets_is_told_on_the_control_channel() throws Exception {
        try (var origin = new Origin()) {
            var control = connectedRaw(origin);
            var session = raw(control, "files");
            Socket connection = origin.accept();
            session.send("x");
            assertThat(connection.getInputStream().read()).isEqualTo('x');

            connection.setSoLinger(true, 0);
            connection.close();

            session.awaitReset();
            assertThat(control.next(RawEnded.class).reason()).isEqualTo(EndReason.ORIGIN_RESET);
        }
    }

    @Test
    void what_the_gateway_says_of_the_end_is_what_the_agent_logs() throws Exception {
        try (var origin = new Origin()) {
            var control = connectedRaw(origin);
            var session = raw(control, "files");
            Socket connection = origin.accept();

            session.reset();
            control.send(
                    new RawEnded(
                            session.id(), EndReason.PARTNER_RESET, "partner 192.0.2.7 was reset"));

            assertThatThrownBy(() -> connection.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            assertThat(log.awaitLine("session ended").fields())
                    .containsEntry("reason", "partner-reset")
                    .containsEntry("why", "partner 192.0.2.7 was reset");
            assertThat(control.hasAnotherMessage()).isFalse();
        }
    }

    @Test
    void what_the_gateway_says_of_the_end_ends_the_session() throws Exception {
        try (var origin = new Origin()) {
            var control = connectedRaw(origin);
            var session = raw(control, "files");
            Socket connection = origin.accept();

            control.send(new RawEnded(session.id(), EndReason.IDLE_TIMEOUT, "no byte moved"));

            assertThatThrownBy(() -> connection.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            session.awaitReset();
        }
    }

    @Test
    void a_channel_that_the_gateway_does_not_need_is_let_go() throws Exception {
        var control = connectedRaw(echo);
        control.dial(ChannelKind.RAW, 1);
        var offer = gateway.rawOffer();
        await().until(() -> fact("warm-channels").equals(1));

        offer.connection().close();

        await().until(() -> fact("warm-channels").equals(0));
    }

    @Test
    void a_session_on_a_channel_that_is_gone_is_refused() throws Exception {
        var control = connectedRaw(echo);
        SessionOpening opening = FakeSession.opening("files");

        control.send(new OpenRaw(Ticket.random(), opening));

        assertThat(control.next(RawEnded.class))
                .isEqualTo(
                        new RawEnded(
                                opening.session(),
                                EndReason.CHANNEL_LOST,
                                "the data channel was lost before its session was opened"));
    }

    @Test
    void a_service_that_is_not_the_agents_is_refused() throws Exception {
        var control = connectedRaw(echo);

        var session = raw(control, "web");

        assertThat(control.next(RawEnded.class).reason()).isEqualTo(EndReason.SERVICE_UNKNOWN);
        session.awaitReset();
    }

    private FakeControl connectedRaw(Origin origin) throws Exception {
        return connected(configuration(files(origin.address())).encrypting(Encryption.AUTO));
    }
}
