package io.sallyport.agent.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.ftp.DataEnd;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Withdraw;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.relay.Leg;
import io.sallyport.relay.Loops;
import io.sallyport.relay.PortableEngine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DataConnectionsTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
    private static final Endpoint PARTNER =
            new Endpoint(InetAddress.ofLiteral("192.0.2.7"), 50_000);

    private final Loops loops = new Loops();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<ControlMessage> asked = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        loops.close();
    }

    /** A gateway may take longer to reach a partner than the client waits at the agent. */
    @Test
    void one_whose_time_is_over_before_it_was_agreed_on_is_refused() throws Exception {
        DataConnections connections = connections(Duration.ofMillis(100));

        loops.core()
                .execute(() ->
                        connections.prepare(1, new DataEnd.Waits(PARTNER), new DataEnd.Comes()));

        assertThat(told.poll(20, TimeUnit.SECONDS))
                .isEqualTo("refused: nobody opened the data connection in time");
        assertThat(asked.poll(20, TimeUnit.SECONDS)).isInstanceOf(ConnectPartner.class);
        assertThat(asked.poll(20, TimeUnit.SECONDS)).isInstanceOf(Withdraw.class);
    }

    private DataConnections connections(Duration patience) {
        return new DataConnections(
                loops.core(),
                loops.next(),
                new DataConnections.Beside(
                        SessionId.random(),
                        new Channel(),
                        Direction.FORWARD,
                        "ftp.partner.example:21",
                        null,
                        LOCAL,
                        LOCAL,
                        Duration.ofMinutes(5)),
                new DataRequests(loops),
                new PortableEngine(),
                new Unprotected(),
                patience,
                new Observer());
    }

    private final class Channel implements SessionChannel {
        @Override
        public String gateway() {
            return "gateway";
        }

        @Override
        public Leg leg() {
            throw new AssertionError("nothing is carried");
        }

        @Override
        public void tell(ControlMessage message) {
            asked.add(message);
        }

        @Override
        public void confirmOpened() {
            throw new AssertionError("nothing is carried");
        }
    }

    private static final class Unprotected implements DataCourse.Protection {
        @Override
        public Leg partner(Leg leg) {
            return leg;
        }

        @Override
        public Leg inside(Leg leg) {
            return leg;
        }
    }

    private final class Observer implements DataConnections.Observer {
        @Override
        public void onReady(@Nullable Endpoint gateway, @Nullable Endpoint agent) {
            told.add("ready");
        }

        @Override
        public void onRefused(String why) {
            told.add("refused: " + why);
        }

        @Override
        public void onBegan(long number) {
            told.add("began");
        }

        @Override
        public void onCarried(long number) {
            told.add("carried");
        }

        @Override
        public void onLost(long number) {
            told.add("lost");
        }

        @Override
        public void onEnded(long number, EndReason reason, long fromPartner, long fromOrigin) {
            told.add("ended " + reason);
        }
    }
}
