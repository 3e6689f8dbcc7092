package io.sallyport.ftp;

import io.netty.buffer.ByteBuf;

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
     * A data connection is to be made of these ends. {@link Conversation#dataReady} or {@link
     * Conversation#dataRefused} has to follow; until then words wait. After the former {@link
     * Conversation#dataThere} or {@link Conversation#dataLost} has to follow.
     *
     * @param number by which it is known, from 1 on
     */
    void openData(long number, DataEnd client, DataEnd server);

    /** The client has logged in under this name. */
    void user(String name);

    /**
     * The server begins with what the command asks for.
     *
     * @param data the number of its data connection; 0 if none was agreed on
     */
    void transferBegan(long data, String verb);

    /**
     * The server's last word on a transfer. If it is negative nobody is to wait for data.
     *
     * @param data as above
     */
    void transferEnded(long data, String verb, int code);

    /** The session can't go on: both sides are to be reset. */
    void fail(String why);
}
