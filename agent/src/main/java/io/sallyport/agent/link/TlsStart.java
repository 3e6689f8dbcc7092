package io.sallyport.agent.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.sallyport.process.HostPort;
import io.sallyport.relay.tcp.TcpChannel;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Waits for the end of the TLS handshake with a gateway, and says in a sentence why it failed. */
final class TlsStart extends ChannelInboundHandlerAdapter {
    /** Hears how it went, once. */
    interface Outcome {
        void secured(TcpChannel channel);

        /**
         * @param what the rest of a sentence that begins with the gateway
         */
        void failed(String what);
    }

    private final TcpChannel channel;
    private final String protocol;
    private final Outcome outcome;
    private boolean done;

    private TlsStart(TcpChannel channel, String protocol, Outcome outcome) {
        this.channel = channel;
        this.protocol = protocol;
        this.outcome = outcome;
    }

    static void install(
            TcpChannel channel,
            SslContext tls,
            HostPort gateway,
            String protocol,
            Duration deadline,
            Outcome outcome) {
        SslHandler handler = tls.newHandler(channel.alloc(), gateway.host(), gateway.port());
        handler.setHandshakeTimeoutMillis(deadline.toMillis());
        channel.pipeline().addLast(handler).addLast(new TlsStart(channel, protocol, outcome));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            return;
        }
        if (!handshake.isSuccess()) {
            fail(explain(handshake.cause()));
            return;
        }
        String negotiated = ctx.pipeline().get(SslHandler.class).applicationProtocol();
        if (!protocol.equals(negotiated)) {
            fail("speaks TLS but is no Sallyport gateway that understands " + protocol);
            return;
        }
        done = true;
        ctx.pipeline().remove(this);
        outcome.secured(channel);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(explain(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail("closed the connection before the TLS handshake was done");
    }

    private void fail(String what) {
        channel.close();
        if (!done) {
            done = true;
            outcome.failed(what);
        }
    }

    private static String explain(Throwable cause) {
        Throwable root = root(cause);
        String message = String.valueOf(root.getMessage());
        if (message.contains("PKIX")
                || message.contains("unable to find valid certification path")) {
            return "shows a certificate that no authority in agent.tls.trust has signed: "
                    + message;
        }
        if (message.contains("subject alternative") || message.contains("No name matching")) {
            return "shows a certificate for another name: use a name from it in agent.gateways ("
                    + message
                    + ")";
        }
        if (cause instanceof SSLHandshakeException || message.contains("alert")) {
            return "did not complete the TLS handshake: " + message;
        }
        return "could not be secured: " + message;
    }

    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        for (@Nullable Throwable next = root.getCause(); next != null; next = root.getCause()) {
            root = next;
        }
        return root;
    }
}
