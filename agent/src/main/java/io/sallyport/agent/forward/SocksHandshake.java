package io.sallyport.agent.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;

/** Whichever version of SOCKS the client's first byte says. */
final class SocksHandshake implements Handshake {
    private static final int BYTES_MAX = 1024;

    private final boolean wantsPassword;
    private Handshake version = new Unknown();

    SocksHandshake(boolean wantsPassword) {
        this.wantsPassword = wantsPassword;
    }

    @Override
    public int bytesMax() {
        return BYTES_MAX;
    }

    @Override
    public Step read(ByteBuf in) {
        return version.read(in);
    }

    @Override
    public Step loggedIn(boolean known) {
        return version.loggedIn(known);
    }

    @Override
    public ByteBuf listening(Endpoint bound) {
        return version.listening(bound);
    }

    @Override
    public ByteBuf accepted(Endpoint address) {
        return version.accepted(address);
    }

    @Override
    public ByteBuf refused(RefusalKind kind, String why) {
        return version.refused(kind, why);
    }

    /** Until the first byte has come. */
    private final class Unknown implements Handshake {
        @Override
        public int bytesMax() {
            return BYTES_MAX;
        }

        @Override
        public Step read(ByteBuf in) {
            if (!in.isReadable()) {
                return new More();
            }
            int first = in.getUnsignedByte(in.readerIndex());
            switch (first) {
                case Socks5Handshake.VERSION -> version = new Socks5Handshake(wantsPassword);
                case Socks4Handshake.VERSION -> version = new Socks4Handshake(wantsPassword);
                default -> {
                    return new Refuse(
                            Unpooled.EMPTY_BUFFER,
                            "the client does not speak SOCKS: first byte " + first);
                }
            }
            return version.read(in);
        }

        @Override
        public Step loggedIn(boolean known) {
            throw new IllegalStateException("nothing was said yet");
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
}
