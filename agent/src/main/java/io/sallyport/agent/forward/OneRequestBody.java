package io.sallyport.agent.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sallyport.agent.forward.HttpRequest.Framing;

/**
 * Lets the body of one request pass and no byte more: a second request on the connection may be for
 * another origin, and must not reach this one.
 */
final class OneRequestBody extends ChannelInboundHandlerAdapter {
    private static final int LINE_BYTES_MAX = 8192;

    private Place place;
    private long left;
    private long size;
    private int lineBytes;

    private enum Place {
        BODY,
        CHUNK_SIZE,
        CHUNK_EXTENSION,
        CHUNK,
        TRAILER,
        DONE
    }

    OneRequestBody(Framing framing, long contentLength) {
        place =
                switch (framing) {
                    case NONE -> Place.DONE;
                    case LENGTH -> Place.BODY;
                    case CHUNKED -> Place.CHUNK_SIZE;
                };
        left = contentLength;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int start = bytes.readerIndex();
        int end = start;
        while (end < bytes.writerIndex() && place != Place.DONE) {
            int taken = take(bytes, end);
            if (taken < 0) {
                bytes.release();
                ctx.close();
                return;
            }
            end += taken;
        }
        boolean surplus = isMoreThanBlankLines(bytes, end);
        if (end > start && !surplus) {
            ctx.fireChannelRead(bytes.readRetainedSlice(end - start));
        }
        bytes.release();
        if (surplus) {
            ctx.close();
        }
    }

    /** Some clients send an empty line behind a body (RFC 9112, section 2.2). */
    private static boolean isMoreThanBlankLines(ByteBuf bytes, int from) {
        for (int i = from; i < bytes.writerIndex(); i++) {
            if (bytes.getByte(i) != '\r' && bytes.getByte(i) != '\n') {
                return true;
            }
        }
        return false;
    }

    /** How many bytes from there on belong to the body; less than 0 if it is malformed. */
    private int take(ByteBuf bytes, int at) {
        if (place == Place.BODY || place == Place.CHUNK) {
            int taken = (int) Math.min(left, bytes.writerIndex() - at);
            left -= taken;
            if (left == 0) {
                place = place == Place.BODY ? Place.DONE : Place.CHUNK_SIZE;
                lineBytes = 0;
                size = 0;
            }
            return taken;
        }
        lineBytes++;
        return lineBytes <= LINE_BYTES_MAX && takeOfLine(bytes.getByte(at)) ? 1 : -1;
    }

    private boolean takeOfLine(byte character) {
        switch (place) {
            case CHUNK_SIZE -> {
                int digit = Character.digit(character, 16);
                if (digit >= 0 && size <= Long.MAX_VALUE >> 5) {
                    size = size * 16 + digit;
                    return true;
                }
                if (lineBytes == 1 || digit >= 0) {
                    return false;
                }
                if (character == '\n') {
                    return false;
                }
                place = Place.CHUNK_EXTENSION;
            }
            case CHUNK_EXTENSION -> {
                if (character == '\n') {
                    // The line end behind the chunk counts as a part of it.
                    left = size + 2;
                    place = size == 0 ? Place.TRAILER : Place.CHUNK;
                    lineBytes = 0;
                }
            }
            case TRAILER -> {
                if (character == '\n') {
                    if (lineBytes <= 2) {
                        place = Place.DONE;
                    }
                    lineBytes = 0;
                }
            }
            case BODY, CHUNK, DONE -> throw new IllegalStateException("not within a line");
        }
        return true;
    }
}
