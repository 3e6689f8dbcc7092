package io.sallyport.gateway.peer;

import io.netty.buffer.Unpooled;
import io.netty.pkitesting.X509Bundle;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.PlainPreamble;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.Ticket;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * An agent in the hands of a test: speaks the protocol over the JDK's own sockets and TLS, and
 * decides nothing by itself.
 */
public final class FakeAgent {
    private final SSLContext tls;
    private final Endpoint gateway;

    FakeAgent(X509Bundle identity, X509Bundle trusted, Endpoint gateway) throws Exception {
        this.gateway = gateway;
        tls = SSLContext.getInstance("TLSv1.3");
        tls.init(
                identity.toKeyManagerFactory().getKeyManagers(),
                trusted.toTrustManagerFactory().getTrustManagers(),
                null);
    }

    /** A control channel on which nothing was said yet. */
    public FakeControl dial() throws IOException {
        return new FakeControl(dial(Protocol.ALPN_CONTROL));
    }

    /** A control channel that was welcomed, of a process of its own. */
    public FakeControl connect() throws Exception {
        FakeControl control = dial();
        control.send(new Hello(Protocol.MINOR, "fake/1", System.nanoTime()));
        control.welcomed();
        return control;
    }

    /** An encrypted data channel that shows a ticket. */
    public FakeChannel bring(Ticket ticket) throws IOException {
        return bring(ChannelKind.ENCRYPTED, ticket);
    }

    /** A data channel that shows a ticket. */
    public FakeChannel bring(ChannelKind kind, Ticket ticket) throws IOException {
        var channel =
                new FakeChannel(
                        switch (kind) {
                            case ENCRYPTED -> dial(Protocol.ALPN_DATA);
                            case PLAIN -> dialPlain();
                        });
        channel.offer(ticket);
        return channel;
    }

    private Socket dialPlain() throws IOException {
        var socket = new Socket(gateway.address(), gateway.port());
        socket.setTcpNoDelay(true);
        var preamble = Unpooled.buffer();
        PlainPreamble.encode(preamble);
        preamble.readBytes(socket.getOutputStream(), preamble.readableBytes());
        return socket;
    }

    /** A TLS connection that speaks another protocol. */
    public SSLSocket dial(String protocol) throws IOException {
        var socket = (SSLSocket) tls.getSocketFactory().createSocket();
        socket.connect(gateway.toSocketAddress());
        socket.setTcpNoDelay(true);
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {protocol});
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException refused) {
            close(socket);
            throw refused;
        }
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // That is what was wanted.
        }
    }
}
