package io.sallyport.agent.ftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sallyport.agent.config.FtpConfig.Passive;
import io.sallyport.ftp.Actions;
import io.sallyport.ftp.Conversation;
import io.sallyport.ftp.Settings;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.Relay;
import io.sallyport.relay.RelayObserver;
import io.sallyport.relay.RelayTimeouts;
import io.sallyport.relay.Silence;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Carries a control connection through a {@link Conversation}, and does what that decides. Lives on
 * the loop of its legs.
 */
final class FtpControl implements Relay, Actions {
    /**
     * The data connections, to be called on the core loop.
     *
     * @param origin the origin's address
     * @param towardsOrigin our own, as the origin sees it
     */
    record Data(
            EventLoop core,
            DataConnections connections,
            InetAddress origin,
            InetAddress towardsOrigin) {}

    private final Side partner;
    private final Side origin;
    private final Conversation conversation;
    private final FtpSecurity security;
    private final TransferLog log;
    private final RelayObserver observer;
    private final Silence silence;
    private @Nullable Data data;

    /** Of the data connection that was agreed on last. */
    private long prepared;

    private boolean over;

    FtpControl(
            Leg partner,
            Leg origin,
            Settings settings,
            FtpSecurity security,
            TransferLog log,
            RelayTimeouts timeouts,
            RelayObserver observer) {
        this.security = security;
        this.log = log;
        this.observer = observer;
        silence = new Silence(partner.loop(), timeouts, this::finish);
        conversation = new Conversation(settings, this);
        this.partner = new Side(partner);
        this.origin = new Side(origin);
    }

    void start(Data data) {
        this.data = data;
        silence.start();
        origin.leg.attach(origin);
        if (!over) {
            partner.leg.attach(partner);
        }
    }

    @Override
    public long bytesFromPartner() {
        return partner.bytes.get();
    }

    @Override
    public long bytesFromOrigin() {
        return origin.bytes.get();
    }

    @Override
    public void touch() {
        silence.broken();
    }

    @Override
    public void abort(EndReason reason, String why) {
        if (loop().inEventLoop()) {
            finish(reason, why);
        } else {
            loop().execute(() -> finish(reason, why));
        }
    }

    private EventLoop loop() {
        return partner.leg.loop();
    }

    // ---- what the conversation decides

    @Override
    public void toClient(ByteBuf bytes) {
        send(partner, bytes);
    }

    @Override
    public void toServer(ByteBuf bytes) {
        send(origin, bytes);
    }

    private void send(Side side, ByteBuf bytes) {
        if (over) {
            bytes.release();
        } else {
            side.leg.write(bytes);
        }
    }

    @Override
    public void startClientTls() {
        partner.leg.flush();
        security.startPartner(partner.leg, () -> secured(conversation::clientSecured));
    }

    @Override
    public void startServerTls() {
        origin.leg.flush();
        security.startOrigin(origin.leg, () -> secured(conversation::serverSecured));
    }

    private void secured(Runnable news) {
        if (!over) {
            news.run();
            settle();
        }
    }

    @Override
    public void protectData(boolean protect) {
        security.protectData(protect);
    }

    @Override
    public void openPassive(int originPort) {
        long number = ++prepared;
        onCore(data ->
                data.connections().preparePassive(number, new Endpoint(data.origin(), originPort)));
    }

    @Override
    public void openActive(Endpoint destination) {
        long number = ++prepared;
        onCore(data ->
                data.connections()
                        .prepareActive(number, data.towardsOrigin(), data.origin(), destination));
    }

    @Override
    public void user(String name) {
        log.user(name);
    }

    @Override
    public void transferBegan(String verb) {
        log.began(prepared, verb);
    }

    @Override
    public void transferEnded(String verb, int code) {
        long number = prepared;
        log.ended(number, verb, code);
        if (code >= 400) {
            onCore(data ->
                    data.connections()
                            .abortTransfer(
                                    number, "the origin answered " + verb + " with " + code));
        } else {
            onCore(data -> data.connections().transferCompleted(number));
        }
    }

    @Override
    public void fail(String why) {
        finish(EndReason.PROTOCOL_ERROR, why);
    }

    private interface OnData {
        void run(Data data);
    }

    private void onCore(OnData action) {
        Data current = data;
        if (current != null) {
            current.core().execute(() -> action.run(current));
        }
    }

    /** Hears of the data connections, on our own loop. */
    DataConnections.Observer dataObserver(SessionOpening opening, Passive passive) {
        return new DataConnections.Observer() {
            @Override
            public void onPassiveReady(Endpoint bound) {
                InetAddress told = passive.announcedTo(opening.partner().address());
                InetAddress announced = told == null ? opening.reached().address() : told;
                conversation.passiveReady(new Endpoint(announced, bound.port()));
                settle();
            }

            @Override
            public void onPassiveRefused(String why) {
                conversation.passiveRefused(why);
                settle();
            }

            @Override
            public void onActiveReady(Endpoint bound) {
                conversation.activeReady(bound);
                settle();
            }

            @Override
            public void onActiveRefused(String why) {
                conversation.activeRefused(why);
                settle();
            }

            @Override
            public void onBegan(long number) {
                log.dataBegan(number);
            }

            @Override
            public void onEnded(long number, EndReason reason, long fromPartner, long fromOrigin) {
                log.dataEnded(number, reason, fromPartner, fromOrigin);
            }
        };
    }

    // ---- both directions

    /** After anything that may have been said: sends it, and passes on ends and back-pressure. */
    private void settle() {
        if (over) {
            return;
        }
        partner.leg.flush();
        origin.leg.flush();
        // Some commands are answered here: who doesn't read the answers may not ask for more.
        partner.leg.setReading(
                conversation.takesFromClient()
                        && origin.leg.isWritable()
                        && partner.leg.isWritable());
        origin.leg.setReading(conversation.takesFromServer() && partner.leg.isWritable());
        if (partner.inputEnded && !conversation.holdsFromClient()) {
            origin.end();
        }
        if (origin.inputEnded && !conversation.holdsFromServer()) {
            partner.end();
        }
        if (partner.hasEnded() && origin.hasEnded()) {
            finish(EndReason.COMPLETED, "");
        }
    }

    private void finish(EndReason reason, String why) {
        if (over) {
            return;
        }
        over = true;
        silence.stop();
        log.sessionEnded();
        onCore(data -> data.connections().giveUpPrepared());
        if (reason == EndReason.COMPLETED) {
            partner.leg.close();
            origin.leg.close();
        } else {
            partner.leg.reset(reason, why);
            origin.leg.reset(reason, why);
        }
        observer.onRelayEnded(reason, why);
    }

    /** One end of the control connection. */
    private final class Side implements LegHandler {
        private final Leg leg;
        private final AtomicLong bytes = new AtomicLong();
        private boolean inputEnded;
        private boolean endBegun;
        private boolean endSent;

        Side(Leg leg) {
            this.leg = leg;
        }

        void end() {
            if (!endBegun) {
                endBegun = true;
                leg.end();
            }
        }

        boolean hasEnded() {
            return inputEnded && endSent;
        }

        @Override
        public void onBytes(ByteBuf received) {
            if (over) {
                received.release();
                return;
            }
            bytes.setOpaque(bytes.getPlain() + received.readableBytes());
            touch();
            if (this == partner) {
                conversation.fromClient(received);
            } else {
                conversation.fromServer(received);
            }
        }

        @Override
        public void onReadComplete() {
            settle();
        }

        @Override
        public void onWritabilityChanged(boolean writable) {
            settle();
        }

        @Override
        public void onEnd() {
            if (over || inputEnded) {
                return;
            }
            inputEnded = true;
            silence.halfClosed();
            settle();
        }

        @Override
        public void onEndSent() {
            endSent = true;
            settle();
        }

        @Override
        public void onReset(EndReason reason, String why) {
            finish(reason, why);
        }
    }
}
