package io.sallyport.ftp;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.Endpoint;

/** What a {@link Conversation} has done for it. */
public interface Actions {
    void toPartner(ByteBuf bytes);

    void toOrigin(ByteBuf bytes);

    /**
     * TLS begins on the partner's side behind what was sent. {@link Conversation#partnerSecured}
     * has to follow.
     */
    void startPartnerTls();

    /** As {@link #startPartnerTls}, with {@link Conversation#originSecured}. */
    void startOriginTls();

    /** Whether data connections of the partner carry TLS from now on (PROT). */
    void protectData(boolean protect);

    /**
     * The origin waits for a data connection at this port. {@link Conversation#passiveReady} or
     * {@link Conversation#passiveRefused} has to follow; until then the origin's words wait.
     */
    void openPassive(int originPort);

    /**
     * The partner waits for a data connection there. {@link Conversation#activeReady} or {@link
     * Conversation#activeRefused} has to follow; until then the partner's words wait.
     */
    void openActive(Endpoint partner);

    /** The partner has logged in under this name. */
    void user(String name);

    /** The origin begins with what the command asks for. */
    void transferBegan(String verb);

    /** The origin's last word on a transfer. If it is negative nobody is to wait for data. */
    void transferEnded(String verb, int code);

    /** The session can't go on: both sides are to be reset. */
    void fail(String why);
}
