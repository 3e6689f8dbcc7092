package io.sallyport.protocol;

import java.time.Duration;
import java.util.List;

/** Everything that may travel on a control channel. */
public sealed interface ControlMessage {

    /** What an agent may send. */
    sealed interface FromAgent extends ControlMessage {}

    /** What a gateway may send. */
    sealed interface FromGateway extends ControlMessage {}

    /**
     * The first message of an agent. Its name is not in it: that is the certificate's.
     *
     * @param minor the highest minor version of the protocol that the agent speaks
     * @param software name and version of the agent's software, for the log
     * @param instance chosen at random once per process, so that the gateway can tell a restart
     *     from a double
     */
    record Hello(int minor, String software, long instance) implements FromAgent {}

    /**
     * The answer to {@link Hello}.
     *
     * @param minor the minor version that both sides speak from here on
     * @param gateway the gateway's name
     * @param openingKey seals sessions on plain data channels that are dialed for this control
     *     channel
     */
    record Welcome(int minor, String gateway, String software, OpeningKey openingKey)
            implements FromGateway {}

    /**
     * All services of the agent. Replaces what was published before; what does not differ is not
     * touched.
     *
     * @param revision grows with every document that the agent publishes
     */
    record Publish(long revision, List<ServiceSpec> services) implements FromAgent {
        public Publish {
            services = List.copyOf(services);
        }
    }

    /**
     * The state of every listener of the agent, after a {@link Publish} and whenever it changes.
     */
    record Published(long revision, List<ListenerResult> listeners) implements FromGateway {
        public Published {
            listeners = List.copyOf(listeners);
        }
    }

    /** Asks for one data channel per ticket. */
    record Dial(ChannelKind kind, List<Ticket> tickets) implements FromGateway {
        public Dial {
            tickets = List.copyOf(tickets);
        }
    }

    /**
     * The agent cannot dial a data channel for these tickets.
     *
     * @param why one sentence for the gateway's log
     */
    record DialFailed(ChannelKind kind, List<Ticket> tickets, String why) implements FromAgent {
        public DialFailed {
            tickets = List.copyOf(tickets);
        }
    }

    /**
     * Asks the gateway to listen for one data connection of a session's own partner, at the address
     * that the partner is connected to: on a port of the service's {@link DataPorts}, or of the
     * range given here if it is a forward session.
     *
     * @param request chosen by the agent; unique among those of the session
     * @param firstPort the lowest; 0 for a session of a service
     * @param lastPort the highest; 0 for a session of a service
     * @param patience how long the partner may take to come
     */
    record Listen(SessionId session, long request, int firstPort, int lastPort, Duration patience)
            implements FromAgent {}

    /**
     * The answer to {@link Listen} and {@link Bind}: the gateway listens, once. What comes is
     * opened as a session with this {@link RequestId}.
     */
    record Listening(RequestId request, Endpoint bound) implements FromGateway {}

    /**
     * Asks the gateway to connect to a session's partner. The connection is opened as a session
     * with this {@link RequestId}.
     *
     * @param patience how long connecting may take
     */
    record ConnectPartner(SessionId session, long request, Endpoint destination, Duration patience)
            implements FromAgent {}

    /**
     * Asks the gateway to connect to a partner, whose name it resolves. The connection is opened as
     * a forward session: one without a service, named after the entry.
     *
     * @param request chosen by the agent; unique among those of its process
     * @param entry what the session is called in logs: {@code forward.socks}
     * @param host a name or an IP address, as it was asked for
     * @param patience how long resolving and connecting may take together
     */
    record Connect(
            long request,
            String entry,
            String host,
            int port,
            Duration patience,
            Duration idleTimeout,
            Duration halfCloseTimeout)
            implements FromAgent {}

    /**
     * Asks the gateway to listen for one connection of a partner, which is opened as a forward
     * session.
     *
     * @param host whom to expect: a name or an IP address
     * @param firstPort the lowest port to listen on
     * @param lastPort the highest
     * @param patience how long the partner may take to come
     */
    record Bind(
            long request,
            String entry,
            String host,
            int firstPort,
            int lastPort,
            Duration patience,
            Duration idleTimeout,
            Duration halfCloseTimeout)
            implements FromAgent {}

    /**
     * What was asked for will not come: a data connection, or a forward session.
     *
     * @param why one sentence for the one who asked and for the agent's log
     */
    record Refused(RequestId request, RefusalKind kind, String why) implements FromGateway {}

    /** What was asked for is not wanted any more, if it has not come yet. */
    record Withdraw(RequestId request) implements FromAgent {}

    /** Asks for a {@link Pong} with the same number. */
    record Ping(long number) implements FromAgent, FromGateway {}

    record Pong(long number) implements FromAgent, FromGateway {}

    /**
     * The sender closes the control channel.
     *
     * @param retryAfter how long the peer should wait before it comes again
     */
    record Goodbye(CloseReason reason, String why, Duration retryAfter)
            implements FromAgent, FromGateway {}
}
