package io.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.protocol.ControlMessage;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.Loops;
import io.sallyport.relay.LossWatcher;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * The inner end of a session may be there before its partner: a client that waits for the answer of
 * a server. It must hear even of a partner that is gone before anybody has asked for it.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SessionBeginningTest {
    private static final Endpoint SOMEWHERE =
            new Endpoint(InetAddress.ofLiteral("192.0.2.7"), 50_000);
    private static final SessionOpening OPENING =
            new SessionOpening(SessionId.random(), "files", SOMEWHERE, SOMEWHERE);
    private static final RelayTimeouts TIMEOUTS =
            new RelayTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final Loops loops = new Loops();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void a_partner_that_is_lost_before_the_session_begins_is_given_up_inside() {
        session(new Partner(true)).start();

        awaitLoop();
        assertThat(heard).containsExactly("ended partner-reset", "given up");
    }

    @Test
    void a_session_that_is_aborted_before_it_begins_is_given_up_inside() {
        Session session = session(new Partner(false));

        session.abort(EndReason.SHUTDOWN, "the agent was stopped");
        session.start();

        awaitLoop();
        assertThat(heard).containsExactly("reset shutdown", "ended shutdown", "given up");
    }

    @Test
    void a_partner_that_is_lost_while_the_inner_end_is_reached_is_given_up_inside() {
        var partner = new Partner(false);
        session(partner).start();
        awaitLoop();
        assertThat(heard).isEmpty();

        partner.loop().execute(partner::lose);

        awaitLoop();
        assertThat(heard).containsExactly("given up", "ended partner-reset");
    }

    private Session session(Partner partner) {
        return new Session(
                OPENING,
                TIMEOUTS,
                new Channel(partner),
                new Waiting(),
                (_, reason, _) -> heard.add("ended " + reason));
    }

    private void awaitLoop() {
        loops.onCore(() -> "");
    }

    /** An inner end that stays away. */
    private final class Waiting implements Course {
        @Override
        public String origin() {
            return "inside";
        }

        @Override
        public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
            return () -> heard.add("given up");
        }

        @Override
        public Relay carry(
                Leg partner, TcpChannel origin, RelayTimeouts timeouts, RelayObserver observer) {
            throw new AssertionError("nothing is carried");
        }
    }

    private record Channel(Leg leg) implements SessionChannel {
        @Override
        public String gateway() {
            return "gateway";
        }

        @Override
        public void tell(ControlMessage message) {}

        @Override
        public void confirmOpened() {}
    }

    /** A leg without bytes, which may be lost already. */
    private final class Partner implements Leg {
        private LossWatcher watcher = (_, _) -> {};
        private boolean lost;

        Partner(boolean lost) {
            this.lost = lost;
        }

        void lose() {
            lost = true;
            watcher.onLost(EndReason.PARTNER_RESET, "partner was reset");
        }

        @Override
        public EventLoop loop() {
            return loops.core();
        }

        @Override
        public void watch(LossWatcher watcher) {
            this.watcher = watcher;
            if (lost) {
                lose();
            }
        }

        @Override
        public void reset(EndReason reason, String why) {
            heard.add("reset " + reason);
        }

        @Override
        public void attach(LegHandler handler) {}

        @Override
        public void write(ByteBuf bytes) {}

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void setReading(boolean reading) {}

        @Override
        public void end() {}

        @Override
        public void close() {}
    }
}
