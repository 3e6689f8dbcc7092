package io.sallyport.agent.ftp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.sallyport.ftp.Actions;
import io.sallyport.ftp.Conversation;
import io.sallyport.ftp.DataEnd;
import io.sallyport.ftp.Meeting;
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
    /** The data connections, to be called on the core loop. */
    private record Data(EventLoop core, DataConnections connections) {}

    private final Direction direction;
    private final Side client;
    private final Side server;
    private final Conversation conversation;
    private final FtpSecurity security;
    private final TransferLog log;
    private final RelayObserver observer;
    private final Silence silence;
    private @Nullable Data data;

    private boolean over;

    private FtpControl(
            Direction direction,
            Leg client,
            Leg server,
            Settings settings,
            FtpSecurity security,
            TransferLog log,
            RelayTimeouts timeouts,
            RelayObserver observer) {
        this.direction = direction;
        this.security = security;
        this.log = log;
        this.observer = observer;
        silence = new Silence(client.loop(), timeouts, this::finish);
        conversation = new Conversation(settings, this);
        this.client = new Side(client);
        this.server = new Side(server);
    }

    /**
     * Has a conversation followed, and its data connections made.
     *
     * @param announced where the partner is told to connect: an address of the gateway, or of a NAT
     *     before it
     */
    static FtpControl begin(
            FtpCourse.Surroundings surroundings,
            DataConnections.Beside beside,
            SessionOpening opening,
            Settings settings,
            FtpSecurity security,
            Leg client,
            Leg server,
            InetAddress announced,
            RelayTimeouts timeouts,
            RelayObserver observer) {
        var control =
                new FtpControl(
                        beside.direction(),
                        security.controlToClient(client),
                        security.controlToServer(server),
                        settings,
                        security,
                        new TransferLog(opening, surroundings.logUsers()),
                        timeouts,
                        observer);
        var data =
                new DataConnections(
                        surroundings.core(),
                        client.loop(),
                        beside,
                        surroundings.requests(),
                        surroundings.engine(),
                        security,
                        DataConnections.PATIENCE,
                        control.dataObserver(announced));
        control.start(new Data(surroundings.core(), data));
        return control;
    }

    private void start(Data data) {
        this.data = data;
        silence.start();
        server.leg.attach(server);
        if (!over) {
            client.leg.attach(client);
        }
    }

    @Override
    public long bytesFromPartner() {
        return (direction == Direction.REVERSE ? client : server).bytes.get();
    }

    @Override
    public long bytesFromOrigin() {
        return (direction == Direction.REVERSE ? server : client).bytes.get();
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
        return client.leg.loop();
    }

    // ---- what the conversation decides

    @Override
    public void toClient(ByteBuf bytes) {
        send(client, bytes);
    }

    @Override
    public void toServer(ByteBuf bytes) {
        send(server, bytes);
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
        client.leg.flush();
        security.startClient(client.leg, () -> goOn(conversation::clientSecured));
    }

    @Override
    public void startServerTls() {
        server.leg.flush();
        security.startServer(server.leg, () -> goOn(conversation::serverSecured));
    }

    /** Tells the conversation what it waited for, unless it is too late. */
    private void goOn(Runnable news) {
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
    public void openData(long number, DataEnd ofClient, DataEnd ofServer) {
        onCore(data -> {
            switch (direction) {
                case REVERSE -> data.connections().prepare(number, ofClient, ofServer);
                case FORWARD -> data.connections().prepare(number, ofServer, ofClient);
            }
        });
    }

    @Override
    public void user(String name) {
        log.user(name);
    }

    @Override
    public void transferBegan(long number, String verb) {
        log.began(number, verb);
    }

    @Override
    public void transferEnded(long number, String verb, int code) {
        log.ended(number, verb, code);
        if (code >= 400) {
            onCore(data ->
                    data.connections()
                            .abortTransfer(
                                    number, "the server answered " + verb + " with " + code));
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
    private DataConnections.Observer dataObserver(InetAddress announced) {
        return new DataConnections.Observer() {
            @Override
            public void onReady(@Nullable Endpoint gateway, @Nullable Endpoint agent) {
                Endpoint forPartner =
                        gateway == null ? null : new Endpoint(announced, gateway.port());
                var meeting =
                        direction == Direction.REVERSE
                                ? new Meeting(forPartner, agent)
                                : new Meeting(agent, forPartner);
                goOn(() -> conversation.dataReady(meeting));
            }

            @Override
            public void onRefused(String why) {
                goOn(() -> conversation.dataRefused(why));
            }

            @Override
            public void onBegan(long number) {
                log.dataBegan(number);
            }

            @Override
            public void onCarried(long number) {
                goOn(() -> conversation.dataThere(number));
            }

            @Override
            public void onLost(long number) {
                goOn(() -> conversation.dataLost(number));
            }

            @Override
            public void onEnded(long number, EndReason reason, long fromPartner, long fromOrigin) {
                log.dataEnded(number, reason, fromPartner, fromOrigin);
                onLost(number);
            }
        };
    }

    // ---- both directions

    /** After anything that may have been said: sends it, and passes on ends and back-pressure. */
    private void settle() {
        if (over) {
            return;
        }
        client.leg.flush();
        server.leg.flush();
        // Some commands are answered here: who doesn't read the answers may not ask for more.
        client.leg.setReading(
                conversation.takesFromClient() && server.takesMore() && client.takesMore());
        server.leg.setReading(conversation.takesFromServer() && client.takesMore());
        if (client.inputEnded && !conversation.holdsFromClient()) {
            server.end();
        }
        if (server.inputEnded && !conversation.holdsFromServer()) {
            client.end();
        }
        if (client.hasEnded() && server.hasEnded()) {
            finish(EndReason.COMPLETED, "");
        }
    }

    private void finish(EndReason reason, String why) {
        if (over) {
            return;
        }
        boolean turnedAway =
                reason != EndReason.COMPLETED
                        && direction == Direction.FORWARD
                        && conversation.turnAway(why);
        over = true;
        silence.stop();
        log.sessionEnded();
        onCore(data -> data.connections().giveUpPrepared());
        if (reason == EndReason.COMPLETED) {
            client.leg.close();
            server.leg.close();
        } else {
            if (turnedAway) {
                client.leg.flush();
                client.leg.close();
            } else {
                client.leg.reset(reason, why);
            }
            server.leg.reset(reason, why);
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

        /** One that is sent no more holds nobody back: the other direction may still end. */
        boolean takesMore() {
            return endBegun || leg.isWritable();
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
            if (this == client) {
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
