package io.sallyport.ftp;

import io.netty.buffer.ByteBuf;
import io.sallyport.protocol.Endpoint;

/** What a {@link Conversation} has done for it. */
public interface Actions {
    void toClient(ByteBuf bytes);

    void toServer(ByteBuf bytes);

    /**
     * TLS begins on the client's side behind what was sent. {@link Conversation#clientSecured} has
     * to follow.
     */
    void startClientTls();

    /** As {@link #startClientTls}, with {@link Conversation#serverSecured}. */
    void startServerTls();

    /** Whether data connections of the client carry TLS from now on (PROT). */
    void protectData(boolean protect);

    /**
     * The server waits for a data connection at this port. {@link Conversation#passiveReady} or
     * {@link Conversation#passiveRefused} has to follow; until then the server's words wait.
     */
    void openPassive(int serverPort);

    /**
     * The client waits for a data connection there. {@link Conversation#activeReady} or {@link
     * Conversation#activeRefused} has to follow; until then the client's words wait.
     */
    void openActive(Endpoint client);

    /** The client has logged in under this name. */
    void user(String name);

    /** The server begins with what the command asks for. */
    void transferBegan(String verb);

    /** The server's last word on a transfer. If it is negative nobody is to wait for data. */
    void transferEnded(String verb, int code);

    /** The session can't go on: both sides are to be reset. */
    void fail(String why);
}
