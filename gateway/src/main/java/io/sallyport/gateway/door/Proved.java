package io.sallyport.gateway.door;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.sallyport.gateway.link.AgentLinks;
import io.sallyport.process.Seldom;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tls.PeerName;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the end of the TLS handshake, and hands the connection on by the protocol it
 * negotiated.
 */
final class Proved extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Proved.class);
    private static final Seldom REFUSALS = new Seldom(Duration.ofSeconds(10));

    private final TcpChannel channel;
    private final AgentLinks links;
    private final Runnable proved;

    Proved(TcpChannel channel, AgentLinks links, Runnable proved) {
        this.channel = channel;
        this.links = links;
        this.proved = proved;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event)
            throws SSLPeerUnverifiedException {
        if (!(event instanceof SslHandshakeCompletionEvent handshake)) {
            return;
        }
        if (!handshake.isSuccess()) {
            refuse(handshake.cause());
            return;
        }
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        String agent = PeerName.of(tls.engine().getSession());
        switch (Objects.requireNonNullElse(tls.applicationProtocol(), "")) {
            case Protocol.ALPN_CONTROL -> links.controlConnected(channel, agent, proved);
            case Protocol.ALPN_DATA ->
                    links.dataConnected(channel, ChannelKind.ENCRYPTED, agent, proved);
            default -> channel.close();
        }
        ctx.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        refuse(cause);
    }

    private void refuse(Throwable cause) {
        if (channel.isActive() && REFUSALS.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("address", channel.remoteAddress())
                    .addKeyValue("error", String.valueOf(cause.getMessage()))
                    .addKeyValue("unsaid", REFUSALS.unsaid())
                    .log("handshake refused");
        }
        channel.close();
    }
}
