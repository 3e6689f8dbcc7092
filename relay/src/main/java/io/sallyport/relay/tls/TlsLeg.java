package io.sallyport.relay.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.Attachment;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.LossWatcher;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS on another leg, from the start or from a later moment on; plain until {@link #startTls}.
 * Takes the other leg over.
 *
 * <p>A direction ends in order with close_notify only. A connection that ends without it is reset,
 * with one exception: a peer that has sent nothing and got our close_notify may just close. With
 * TLS 1.3 each direction ends apart; with TLS 1.2 the peer's close_notify ends both, and a write
 * after it resets the leg.
 */
public final class TlsLeg implements Leg {
    /** How long the peer may take to close the connection after both directions have ended. */
    private static final Duration CLOSE_DEADLINE = Duration.ofMinutes(5);

    /** How long a peer may take to close the connection after it was told what is wrong. */
    private static final Duration ALERT_DEADLINE = Duration.ofSeconds(2);

    private final Leg under;
    private final EndReason whenLost;
    private final String name;
    private final LegHandler records = new Records();
    private final Attachment attachment = new Attachment();
    private final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();
    private @Nullable TlsMachine machine;
    private @Nullable TlsEngine engine;
    private @Nullable ScheduledFuture<?> deadline;
    private Runnable onSecured = () -> {};
    private boolean underAttached;
    private boolean underEnded;
    private boolean secured;
    private boolean reading = true;
    private boolean anythingReceived;
    private boolean endsByItself;
    private boolean endWanted;
    private boolean answersUnread;

    /**
     * @param whenLost the reason to report if TLS fails or is cut
     * @param name what the connection is, for that report: {@code partner 192.0.2.1:40000}
     */
    public TlsLeg(Leg under, EndReason whenLost, String name) {
        this.under = under;
        this.whenLost = whenLost;
        this.name = name;
    }

    /**
     * Goes over to TLS. What was written before goes out as it was; what is written and received
     * from now on belongs to TLS, so a handler has to throw away what it was given and has not
     * used. May be called before {@link #attach} and after it.
     *
     * @param patience for the handshake; a leg that needs longer is lost
     * @param onSecured runs when the handshake is done, before any byte is sent or delivered: the
     *     moment to {@link #lose} a peer that is not the right one
     */
    public void startTls(TlsEngine engine, Duration patience, Runnable onSecured) {
        if (attachment.isOver()) {
            return;
        }
        this.engine = engine;
        this.onSecured = onSecured;
        var started = new TlsMachine(engine.machine(), ByteBufAllocator.DEFAULT, under::write);
        machine = started;
        deadline =
                schedule(
                        patience,
                        () ->
                                fail(
                                        "did not finish the TLS handshake within "
                                                + patience.toSeconds()
                                                + " s"));
        try {
            started.start();
            under.flush();
        } catch (SSLException failure) {
            fail(TlsSentence.of(failure));
            return;
        }
        attachUnder();
        updateReading();
    }

    /**
     * Lets the peer end without close_notify: for a conversation that says by itself when it is
     * over, never for a file.
     */
    public void acceptEndWithoutCloseNotify() {
        endsByItself = true;
    }

    private ScheduledFuture<?> schedule(Duration delay, Runnable task) {
        return loop().schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public EventLoop loop() {
        return under.loop();
    }

    @Override
    public void watch(LossWatcher watcher) {
        attachment.watch(watcher);
        if (!underAttached && attachment.loss() == null) {
            under.watch(records::onReset);
        }
    }

    @Override
    public void attach(LegHandler handler) {
        attachment.attach(handler);
        if (!attachment.isOver()) {
            attachUnder();
            updateReading();
        }
    }

    private void attachUnder() {
        if (!underAttached) {
            underAttached = true;
            under.attach(records);
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        if (attachment.isOver()) {
            bytes.release();
        } else if (machine == null) {
            under.write(bytes);
        } else if (secured) {
            send(machine, bytes);
        } else {
            unsent.add(bytes);
            // Each time: a leg that is attached just now reads whatever it was told before.
            attachment.writabilityChanged(false);
        }
    }

    private void send(TlsMachine machine, ByteBuf bytes) {
        try {
            machine.send(bytes);
        } catch (SSLException failure) {
            lose("can't be sent the rest: " + failure.getMessage());
        }
    }

    @Override
    public void flush() {
        if (!attachment.isOver()) {
            under.flush();
        }
    }

    @Override
    public boolean isWritable() {
        return under.isWritable() && (machine == null || secured);
    }

    @Override
    public void setReading(boolean reading) {
        this.reading = reading;
        if (underAttached && !attachment.isOver()) {
            updateReading();
        }
    }

    // A handshake is read whatever the handler wants, and so is the end of the connection behind
    // close_notify.
    private void updateReading() {
        boolean handshaking = machine != null && !secured;
        boolean wanted = attachment.isAttached() ? reading : !attachment.hasEarly();
        // Behind our end nothing is answered.
        boolean choked = answersUnread && !endWanted;
        under.setReading(!choked && (handshaking || attachment.isEnded() || wanted));
    }

    @Override
    public void end() {
        if (attachment.isOver()) {
            return;
        }
        endWanted = true;
        if (machine == null) {
            under.end();
        } else if (secured) {
            sendEnd(machine);
        }
    }

    private void sendEnd(TlsMachine machine) {
        try {
            machine.close();
            updateReading();
            under.end();
        } catch (SSLException failure) {
            lose("can't be told the end: " + failure.getMessage());
        }
    }

    @Override
    public void close() {
        if (attachment.isOver()) {
            return;
        }
        attachment.over();
        release();
        if (machine == null || underEnded) {
            under.close();
        } else {
            // The peer has ended with close_notify, and has yet to close the connection.
            under.setReading(true);
            deadline =
                    schedule(
                            CLOSE_DEADLINE,
                            () -> under.reset(whenLost, name + " did not close its connection"));
        }
    }

    @Override
    public void reset(EndReason reason, String why) {
        if (attachment.isOver()) {
            return;
        }
        attachment.over();
        release();
        under.reset(reason, why);
    }

    /** The peer's TLS is wrong: it is told so before the connection is reset. */
    private void fail(String what) {
        if (attachment.isOver()) {
            return;
        }
        if (machine != null) {
            machine.sendAlert();
        }
        release();
        String why = name + " " + what;
        if (endWanted) {
            under.reset(whenLost, why);
        } else {
            under.end();
            under.setReading(true);
            deadline = schedule(ALERT_DEADLINE, () -> under.reset(whenLost, why));
        }
        attachment.lose(whenLost, why);
    }

    /** Resets the leg, whose peer did this: the end of a sentence that begins with its name. */
    public void lose(String what) {
        if (attachment.isOver()) {
            return;
        }
        String why = name + " " + what;
        reset(whenLost, why);
        attachment.lose(whenLost, why);
    }

    private void release() {
        if (deadline != null) {
            deadline.cancel(false);
        }
        unsent.forEach(ByteBuf::release);
        unsent.clear();
        if (machine != null) {
            machine.release();
        }
    }

    /** What happens on the leg below. */
    private final class Records implements LegHandler {
        @Override
        public void onBytes(ByteBuf bytes) {
            if (attachment.isOver()) {
                bytes.release();
            } else if (machine == null) {
                deliver(bytes);
            } else {
                receive(machine, bytes);
            }
        }

        private void receive(TlsMachine machine, ByteBuf bytes) {
            ByteBuf plain;
            try {
                plain = machine.receive(bytes);
            } catch (SSLException failure) {
                fail(TlsSentence.of(failure));
                return;
            }
            if (!secured && machine.isEstablished()) {
                becomeSecured();
            } else if (secured && machine.hasAnswered() && !under.isWritable()) {
                // Or a peer that reads nothing could have us answer without end.
                answersUnread = true;
                updateReading();
            }
            deliver(plain);
            if (machine.isInputEnded() && !attachment.isOver()) {
                if (secured) {
                    endInput();
                } else {
                    fail("broke off the TLS handshake");
                }
            }
        }

        private void becomeSecured() {
            if (deadline != null) {
                deadline.cancel(false);
            }
            if (engine != null) {
                engine.established();
            }
            // First: whoever refuses the peer now has sent it nothing.
            onSecured.run();
            if (attachment.isOver()) {
                return;
            }
            secured = true;
            boolean waited = !unsent.isEmpty();
            for (ByteBuf bytes = unsent.poll(); bytes != null; bytes = unsent.poll()) {
                write(bytes);
            }
            if (endWanted) {
                end();
            }
            if (attachment.isOver()) {
                return;
            }
            updateReading();
            if (waited && under.isWritable()) {
                attachment.writabilityChanged(true);
            }
        }

        private void deliver(ByteBuf bytes) {
            if (attachment.isOver() || !bytes.isReadable()) {
                bytes.release();
                return;
            }
            anythingReceived = true;
            if (!attachment.bytes(bytes)) {
                updateReading();
            }
        }

        private void endInput() {
            if (!attachment.isEnded()) {
                attachment.end();
                if (!attachment.isOver()) {
                    updateReading();
                }
            }
        }

        @Override
        public void onReadComplete() {
            under.flush();
            attachment.readComplete();
        }

        @Override
        public void onWritabilityChanged(boolean writable) {
            if (answersUnread && writable) {
                answersUnread = false;
                updateReading();
            }
            if (machine == null || secured) {
                attachment.writabilityChanged(writable);
            }
        }

        @Override
        public void onEnd() {
            underEnded = true;
            Attachment.Loss lost = attachment.loss();
            if (lost != null) {
                // Told what is wrong, the peer closed.
                stopWaiting();
                under.reset(lost.reason(), lost.why());
            } else if (attachment.isOver()) {
                stopWaiting();
                under.close();
            } else if (machine == null) {
                endInput();
            } else if (!secured) {
                lose("closed the connection during the TLS handshake");
            } else if (endsByItself || (attachment.isEndSent() && !anythingReceived)) {
                endInput();
            } else if (!attachment.isEnded()) {
                lose("ended its TLS connection without close_notify: it was cut");
            }
        }

        private void stopWaiting() {
            if (deadline != null) {
                deadline.cancel(false);
            }
        }

        @Override
        public void onEndSent() {
            attachment.endSent();
        }

        @Override
        public void onReset(EndReason reason, String why) {
            if (attachment.isOver()) {
                stopWaiting();
                return;
            }
            release();
            attachment.lose(reason, why);
        }
    }
}
