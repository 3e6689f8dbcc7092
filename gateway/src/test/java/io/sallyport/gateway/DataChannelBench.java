package io.sallyport.gateway;

import static io.sallyport.gateway.peer.TestGateway.local;
import static io.sallyport.gateway.peer.TestGateway.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.peer.FakeAgent;
import io.sallyport.gateway.peer.FakeChannel;
import io.sallyport.gateway.peer.FakeControl;
import io.sallyport.gateway.peer.Partner;
import io.sallyport.gateway.peer.TestGateway;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.DataFrame.SealedOpen;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ListenerResult;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway, and an agent in the hands of the test that brings data channels. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
abstract class DataChannelBench {
    static final int PARKED_MAX = 30;

    /** What is kept warm without any demand. */
    static final int WARM = 4;

    TestGateway gateway;
    FakeAgent agent;
    FakeControl control;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        gateway = TestGateway.in(folder).parking(PARKED_MAX, Duration.ofSeconds(4)).start();
        agent = gateway.agent("inside-1");
        control = agent.connect();
    }

    @AfterEach
    void close() {
        control.close();
        gateway.close();
    }

    Endpoint publish(ServiceSpec service) throws Exception {
        return ((ListenerResult.Opened) control.publish(1, service).getFirst()).bound();
    }

    Endpoint publish(ChannelKind kind) throws Exception {
        return publish(service("files", kind, local(0)));
    }

    /** How the gateway names a session, and the ticket that comes with it. */
    record Named(SessionOpening opening, Ticket next) {}

    /** Waits for the session that the channel, which was offered with the ticket, is for. */
    Named named(ChannelKind kind, FakeChannel channel, Ticket ticket) throws Exception {
        return switch (kind) {
            case ENCRYPTED -> {
                Open open = channel.next(Open.class);
                yield new Named(open.opening(), open.next());
            }
            case PLAIN -> {
                Open open = control.openingKey().open(channel.next(SealedOpen.class), ticket);
                yield new Named(open.opening(), open.next());
            }
        };
    }

    /**
     * Has a session begin on the channel, which was offered with the ticket, and end in order.
     *
     * @return the ticket that came with it
     */
    Ticket runSession(ChannelKind kind, Endpoint listener, FakeChannel channel, Ticket ticket)
            throws Exception {
        try (Partner partner = Partner.connect(listener)) {
            Named named = named(kind, channel, ticket);
            assertThat(named.opening().partner()).isEqualTo(partner.address());
            channel.send(new Opened());
            partner.send("hello");
            assertThat(channel.receive()).isEqualTo("hello");
            partner.end();
            channel.next(End.class);
            channel.send("bye");
            channel.send(new End());
            assertThat(partner.receive(4)).isEqualTo("bye");
            return named.next();
        }
    }
}
