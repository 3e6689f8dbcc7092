package io.sallyport.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * A TLS client that reads nothing behind the handshake: the end of its handshake, all it has to
 * say, and close_notify leave in one write, and the socket is closed at once.
 */
final class HurriedPartner {
    private final EmbeddedChannel tls;
    private final SslHandler handler;
    private final Socket socket;

    HurriedPartner(SSLContext context, String version, Socket socket) {
        SSLEngine engine = context.createSSLEngine("localhost", socket.getPort());
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
        this.handler = new SslHandler(engine);
        this.tls = new EmbeddedChannel(handler);
        this.socket = socket;
    }

    /** Up to where only this side's last words are missing. */
    void handshake() throws IOException {
        byte[] received = new byte[64 * 1024];
        while (!handler.handshakeFuture().isDone()) {
            send();
            int bytes = socket.getInputStream().read(received);
            tls.writeInbound(Unpooled.copiedBuffer(received, 0, bytes));
        }
    }

    void sendAllAndClose(byte[] bytes) throws IOException {
        tls.writeOutbound(Unpooled.wrappedBuffer(bytes));
        handler.closeOutbound();
        tls.runPendingTasks();
        send();
        socket.close();
    }

    private void send() throws IOException {
        CompositeByteBuf all = Unpooled.compositeBuffer();
        for (ByteBuf bytes = tls.readOutbound(); bytes != null; bytes = tls.readOutbound()) {
            all.addComponent(true, bytes);
        }
        all.readBytes(socket.getOutputStream(), all.readableBytes());
        all.release();
    }
}
