package io.sallyport.client;

import java.net.ConnectException;

/** Why the forward proxy made no connection to a partner, in a sentence and as a reason. */
public class ForwardException extends ConnectException {
    private static final long serialVersionUID = 1L;

    /** What the agent answered (RFC 1928, RFC 1929), or that it could not be asked. */
    public enum Reason {
        /** Reply 1: something failed at the agent or the gateway. */
        FAILED("the forward proxy failed"),
        /** Reply 2: the agent or the gateway may not connect there. */
        REFUSED_BY_POLICY("the policy of the agent or the gateway does not allow it"),
        /** Reply 3. */
        NETWORK_UNREACHABLE("its network cannot be reached from the gateway"),
        /** Reply 4; also a name that is not known to the gateway. */
        HOST_UNREACHABLE("it cannot be reached from the gateway, or its name is not known there"),
        /** Reply 5: the partner itself refuses. */
        CONNECTION_REFUSED("it refuses the connection"),
        /** Reply 6, or no answer in time. */
        TIMED_OUT("there was no answer in time"),
        /** Reply 7: this entry does not do BIND, for instance. */
        COMMAND_NOT_SUPPORTED("the forward proxy does not know this command"),
        /** Reply 8. */
        ADDRESS_TYPE_NOT_SUPPORTED("the forward proxy does not know this kind of address"),
        /** The agent wants a user and a password, or does not accept these. */
        LOGIN_REFUSED("the forward proxy does not accept the login"),
        /** The agent itself is not there, or what answers is no forward proxy. */
        AGENT_UNREACHABLE("the forward proxy itself cannot be reached");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        static Reason ofReply(int reply) {
            return switch (reply) {
                case 2 -> REFUSED_BY_POLICY;
                case 3 -> NETWORK_UNREACHABLE;
                case 4 -> HOST_UNREACHABLE;
                case 5 -> CONNECTION_REFUSED;
                case 6 -> TIMED_OUT;
                case 7 -> COMMAND_NOT_SUPPORTED;
                case 8 -> ADDRESS_TYPE_NOT_SUPPORTED;
                default -> FAILED;
            };
        }
    }

    private final Reason reason;

    ForwardException(Reason reason, String destination) {
        this(reason, destination, reason.sentence);
    }

    ForwardException(Reason reason, String destination, String sentence) {
        super("no connection to " + destination + ": " + sentence);
        this.reason = reason;
    }

    /** What to tell apart in code; the message is the same for people. */
    public Reason reason() {
        return reason;
    }
}
