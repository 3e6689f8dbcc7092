package io.sallyport.agent.dial;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sits behind TLS: reports the end of the handshake once, and afterwards says in plain words what
 * TLS complains of. With TLS 1.3 a gateway that refuses our certificate says so only then.
 */
final class TlsGreeting extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final Target target;
    private final Consumer<@Nullable DialFault> greeted;
    private boolean done;
    private boolean succeeded;

    /**
     * @param greeted hears of the fault, or of null if there is none
     */
    TlsGreeting(SslHandler tls, Target target, Consumer<@Nullable DialFault> greeted) {
        this.tls = tls;
        this.target = target;
        this.greeted = greeted;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !done) {
            done = true;
            DialFault fault = faultOf(handshake);
            succeeded = fault == null;
            greeted.accept(fault);
        }
        ctx.fireUserEventTriggered(event);
    }

    private @Nullable DialFault faultOf(SslHandshakeCompletionEvent handshake) {
        if (!handshake.isSuccess()) {
            return TlsFaults.explain(handshake.cause(), target);
        }
        return tls.applicationProtocol() == null ? TlsFaults.noGateway(target) : null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What comes before success is told by the end of the handshake.
        if (succeeded) {
            ctx.fireExceptionCaught(
                    TlsFaults.isOfTls(cause)
                            ? new IOException(TlsFaults.explain(cause, target).why(), cause)
                            : cause);
        }
    }
}
