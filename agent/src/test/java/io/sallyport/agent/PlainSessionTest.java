package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.agent.peer.Configuration;
import io.sallyport.agent.peer.FakeControl;
import io.sallyport.agent.peer.FakeGateway.Offer;
import io.sallyport.agent.peer.FakeSession;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.OpenPlain;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is named on the control channel and carried on another connection meets in any order. */
class PlainSessionTest extends AgentBench {
    private static final byte[] EIGHT_MIB = new byte[8 * 1024 * 1024];

    static {
        new Random(7).nextBytes(EIGHT_MIB);
    }

    private final SessionOpening opening = FakeSession.opening("files");
    private final Ticket next = Ticket.random();

    @Test
    void only_services_that_are_encrypted_already_are_carried_plain() throws Exception {
        var web =
                Configuration.service(
                        "web", ServiceProtocol.HTTP, echo.address(), ProxyProtocol.NONE);
        agent =
                Agent.start(
                        configuration(files(echo.address()), web)
                                .encrypting(Encryption.AUTO)
                                .build());

        assertThat(gateway.control().welcomeAndPublish().services())
                .extracting(ServiceSpec::kind)
                .containsExactly(ChannelKind.PLAIN, ChannelKind.ENCRYPTED);
    }

    @Test
    void bytes_and_the_end_may_be_ahead_of_the_name_of_the_session() throws Exception {
        var control = connected();
        Offer offer = offered(control);
        var session = FakeSession.open(offer, opening, next);

        session.send("early");
        session.end();
        name(control, offer);

        assertThat(session.awaitEnd()).asString().isEqualTo("early");
        assertThat(gateway.offer(ChannelKind.PLAIN))
                .isEqualTo(new Offer(ChannelKind.PLAIN, next, offer.channel()));
    }

    @Test
    void more_than_the_agent_holds_may_be_ahead_of_the_name_of_the_session() throws Exception {
        var control = connected();
        Offer offer = offered(control);
        var session = FakeSession.open(offer, opening, next);

        session.send(EIGHT_MIB);
        session.end();
        await().until(() -> fact("warm-channels").equals(1));
        name(control, offer);

        assertThat(session.awaitEnd()).isEqualTo(EIGHT_MIB);
    }

    @Test
    void a_reset_that_is_ahead_of_the_name_of_the_session_is_its_end() throws Exception {
        var control = connected();
        Offer offer = offered(control);
        var session = FakeSession.open(offer, opening, next);

        session.send("early");
        session.reset();
        gateway.awaitDataChannels(0);
        // The reset may be behind what is held.
        await().atMost(Protocol.TICKET_LIFETIME.plusSeconds(10))
                .until(() -> fact("warm-channels").equals(0));
        name(control, offer);

        assertServesOn(control);
        assertThat(log.lines("session ended")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bytes_or_an_end_whose_session_is_not_named_are_not_held_for_ever(boolean bytes)
            throws Exception {
        var control = connected();
        Offer offer = offered(control);
        var session = FakeSession.open(offer, opening, next);

        if (bytes) {
            session.send("early");
        } else {
            session.end();
        }

        await().atMost(Protocol.TICKET_LIFETIME.plusSeconds(10))
                .until(() -> fact("warm-channels").equals(0));
        gateway.awaitDataChannels(0);
        assertServesOn(control);
    }

    @Test
    void a_session_that_is_named_for_a_channel_that_is_gone_is_not_answered() throws Exception {
        var control = connected();
        Offer offer = offered(control);
        offer.retire();
        await().until(() -> fact("warm-channels").equals(0));

        name(control, offer);

        assertServesOn(control);
    }

    @Test
    void a_session_that_is_named_for_an_encrypted_channel_is_opened_by_its_own_frame()
            throws Exception {
        var control = connected();
        control.dial(ChannelKind.ENCRYPTED, 1);
        Offer offer = gateway.offer(ChannelKind.ENCRYPTED);

        name(control, offer);

        assertServesOn(control);
        open(control, offer, "files", next).awaitOpened();
    }

    private FakeControl connected() throws Exception {
        return connected(configuration(files(echo.address())).encrypting(Encryption.AUTO));
    }

    private Offer offered(FakeControl control) throws InterruptedException {
        control.dial(ChannelKind.PLAIN, 1);
        return gateway.offer(ChannelKind.PLAIN);
    }

    private void name(FakeControl control, Offer offer) {
        control.send(new OpenPlain(offer.ticket(), opening, next));
    }

    private void assertServesOn(FakeControl control) throws InterruptedException {
        session(control, ChannelKind.PLAIN, "files").awaitOpened();
        assertThat(fact("sessions-total")).isEqualTo(1L);
        assertThat(control.hasAnotherMessage()).isFalse();
    }
}
