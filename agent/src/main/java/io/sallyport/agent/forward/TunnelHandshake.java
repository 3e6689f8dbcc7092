package io.sallyport.agent.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.process.HostPort;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;

/** None at all: the destination is known, and a refusal is a reset. */
record TunnelHandshake(HostPort destination) implements Handshake {
    @Override
    public int bytesMax() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Step read(ByteBuf in) {
        return new Ask(false, destination.host(), destination.port());
    }

    @Override
    public Step loggedIn(boolean known) {
        throw new IllegalStateException("a tunnel asks for no password");
    }

    @Override
    public ByteBuf accepted(Endpoint address) {
        return Unpooled.EMPTY_BUFFER;
    }

    @Override
    public ByteBuf refused(RefusalKind kind, String why) {
        return Unpooled.EMPTY_BUFFER;
    }
}
