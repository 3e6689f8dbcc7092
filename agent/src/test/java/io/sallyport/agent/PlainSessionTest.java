package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.agent.peer.Configuration;
import io.sallyport.agent.peer.FakeControl;
import io.sallyport.agent.peer.FakeGateway;
import io.sallyport.agent.peer.FakeGateway.Offer;
import io.sallyport.agent.peer.FakeSession;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.OpeningKey;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A session on a plain data channel is named by a frame that nobody else can read or write. */
class PlainSessionTest extends AgentBench {
    private static final byte[] EIGHT_MIB = new byte[8 * 1024 * 1024];

    static {
        new Random(7).nextBytes(EIGHT_MIB);
    }

    private final SessionOpening opening = FakeSession.opening("files");
    private final Ticket next = Ticket.random();
    private final Open open = new Open(opening, next);

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
    void bytes_and_the_end_may_follow_the_name_of_the_session_at_once() throws Exception {
        var control = connected();
        Offer offer = offered(control);
        var session = FakeSession.open(offer, opening, next);

        session.send(EIGHT_MIB);
        session.end();

        assertThat(session.awaitEnd()).isEqualTo(EIGHT_MIB);
        assertThat(gateway.offer(ChannelKind.PLAIN))
                .isEqualTo(new Offer(ChannelKind.PLAIN, next, offer.channel()));
    }

    @Test
    void a_session_that_was_not_sealed_is_not_served() throws Exception {
        var control = connected();
        Offer offer = offered(control);

        offer.send(open);

        assertNotServed(control);
    }

    @Test
    void a_session_that_was_sealed_with_another_key_is_not_served() throws Exception {
        var control = connected();
        Offer offer = offered(control);

        offer.send(OpeningKey.random().seal(open, offer.ticket()));

        assertNotServed(control);
    }

    @Test
    void a_session_that_was_sealed_for_another_channel_is_not_served() throws Exception {
        var control = connected();
        Offer other = offered(control);
        Offer offer = offered(control);

        DataFrame sealed = other.named(opening, next);
        offer.send(sealed);

        gateway.awaitDataChannels(1);
        FakeSession.open(other, opening, sealed).awaitOpened();
        assertThat(fact("sessions-total")).isEqualTo(1L);
    }

    @Test
    void a_session_is_not_served_again() throws Exception {
        var control = connected();
        Offer offer = offered(control);
        DataFrame sealed = offer.named(opening, next);
        var session = FakeSession.open(offer, opening, sealed);
        session.end();
        session.awaitEnd();
        gateway.offer(ChannelKind.PLAIN);

        offer.send(sealed);

        gateway.awaitDataChannels(0);
        assertThat(fact("sessions-total")).isEqualTo(1L);
    }

    @Test
    void a_sealed_session_does_not_belong_on_an_encrypted_channel() throws Exception {
        var control = connected();
        control.dial(ChannelKind.ENCRYPTED, 1);
        Offer offer = gateway.offer(ChannelKind.ENCRYPTED);

        offer.send(FakeGateway.OPENING_KEY.seal(open, offer.ticket()));

        assertNotServed(control);
    }

    private FakeControl connected() throws Exception {
        return connected(configuration(files(echo.address())).encrypting(Encryption.AUTO));
    }

    private Offer offered(FakeControl control) throws InterruptedException {
        control.dial(ChannelKind.PLAIN, 1);
        return gateway.offer(ChannelKind.PLAIN);
    }

    private void assertNotServed(FakeControl control) throws InterruptedException {
        gateway.awaitDataChannels(0);
        session(control, ChannelKind.PLAIN, "files").awaitOpened();
        assertThat(fact("sessions-total")).isEqualTo(1L);
    }
}
