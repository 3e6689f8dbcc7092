package io.sallyport.relay.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Turns what is written into TLS records and received records into what was written, and does
 * handshakes on the way; no socket, no timer. Holds at most one incomplete record.
 */
final class TlsMachine {
    /** The most that fits into one record. */
    private static final int RECORD_BYTES_MAX = 16 * 1024;

    private final SSLEngine engine;
    private final ByteBufAllocator buffers;
    private final Consumer<ByteBuf> out;
    private ByteBuf incomplete = Unpooled.EMPTY_BUFFER;
    private ByteBuf ticket = Unpooled.EMPTY_BUFFER;
    private boolean established;
    private boolean answered;

    /**
     * @param out takes records that are to be sent
     */
    TlsMachine(SSLEngine engine, ByteBufAllocator buffers, Consumer<ByteBuf> out) {
        this.engine = engine;
        this.buffers = buffers;
        this.out = out;
    }

    void start() throws SSLException {
        engine.beginHandshake();
        advance();
    }

    /** Whether the handshake is done. */
    boolean isEstablished() {
        return established;
    }

    /** Whether the bytes received last had to be answered, as a wish for new keys has. */
    boolean hasAnswered() {
        return answered;
    }

    /** Whether the peer has said close_notify. */
    boolean isInputEnded() {
        return engine.isInboundDone();
    }

    /**
     * Takes over received bytes.
     *
     * @return what the peer had written, maybe nothing
     * @throws SSLException if the peer broke the rules of TLS, or said that we did
     */
    ByteBuf receive(ByteBuf received) throws SSLException {
        answered = false;
        ByteBuf records = join(received);
        ByteBuf plain = buffers.buffer(records.readableBytes());
        try {
            boolean more = true;
            while (more && records.isReadable() && !engine.isInboundDone()) {
                more = unwrap(records, plain);
            }
            if (records.isReadable() && !engine.isInboundDone()) {
                incomplete = buffers.buffer(records.readableBytes()).writeBytes(records);
            }
            return plain.retain();
        } finally {
            records.release();
            plain.release();
        }
    }

    private ByteBuf join(ByteBuf received) {
        if (!incomplete.isReadable()) {
            return received;
        }
        ByteBuf joined =
                buffers.buffer(incomplete.readableBytes() + received.readableBytes())
                        .writeBytes(incomplete)
                        .writeBytes(received);
        received.release();
        releaseIncomplete();
        return joined;
    }

    /** Returns false if the rest is an incomplete record. */
    private boolean unwrap(ByteBuf records, ByteBuf plain) throws SSLException {
        boolean handshaking = !established;
        SSLEngineResult result =
                engine.unwrap(
                        records.nioBuffer(),
                        plain.nioBuffer(plain.writerIndex(), plain.writableBytes()));
        records.skipBytes(result.bytesConsumed());
        plain.writerIndex(plain.writerIndex() + result.bytesProduced());
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            return false;
        }
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            plain.ensureWritable(engine.getSession().getApplicationBufferSize());
        }
        note(result);
        refuseRenegotiation();
        if (handshaking && isTicketNext()) {
            ticket = wrapOwn();
        }
        advance();
        return true;
    }

    /**
     * The ticket of TLS 1.3 waits for the first bytes that go the same way, or for their end. A
     * client that uploads may close without having read anything: if the ticket met its closed
     * socket, the client's system would drop what it has not sent yet.
     */
    private boolean isTicketNext() {
        return !engine.getUseClientMode()
                && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                && engine.getHandshakeSession() == null
                && engine.getSession().getProtocol().equals("TLSv1.3");
    }

    private void note(SSLEngineResult result) {
        established |= result.getHandshakeStatus() == HandshakeStatus.FINISHED;
    }

    private void refuseRenegotiation() throws SSLException {
        if (established
                && engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK
                && !engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("a new handshake on a running connection is not allowed");
        }
    }

    private void advance() throws SSLException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    if (established && engine.isInboundDone()) {
                        // TLS 1.2 answers close_notify by itself; it has to wait for close().
                        return;
                    }
                    emit(wrapOwn());
                    answered = true;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /**
     * Takes over bytes and sends them. Only when established.
     *
     * @throws SSLException if they can't be sent any more: with TLS 1.2 the peer's close_notify
     *     ends both directions
     */
    void send(ByteBuf plain) throws SSLException {
        try {
            if (engine.isInboundDone() && !engine.getSession().getProtocol().equals("TLSv1.3")) {
                throw new SSLException("it had ended its TLS 1.2 connection");
            }
            emit(wrap(plain));
        } finally {
            plain.release();
        }
    }

    private void emit(ByteBuf records) {
        if (ticket.isReadable()) {
            out.accept(ticket);
            ticket = Unpooled.EMPTY_BUFFER;
        }
        if (records.isReadable()) {
            out.accept(records);
        } else {
            records.release();
        }
    }

    /** What the engine has to say by itself: little, of which a peer can ask for much. */
    private ByteBuf wrapOwn() throws SSLException {
        ByteBuf records = wrap(Unpooled.EMPTY_BUFFER);
        return records.capacity(records.writerIndex());
    }

    private ByteBuf wrap(ByteBuf plain) throws SSLException {
        int recordBytes = engine.getSession().getPacketBufferSize();
        ByteBuf records =
                buffers.buffer((plain.readableBytes() / RECORD_BYTES_MAX + 1) * recordBytes);
        try {
            ByteBuffer source = plain.nioBuffer();
            do {
                records.ensureWritable(recordBytes);
                SSLEngineResult result =
                        engine.wrap(
                                source,
                                records.nioBuffer(records.writerIndex(), records.writableBytes()));
                records.writerIndex(records.writerIndex() + result.bytesProduced());
                note(result);
                if (result.getStatus() == Status.CLOSED && source.hasRemaining()) {
                    throw new SSLException("it had ended its TLS connection");
                }
            } while (source.hasRemaining());
            return records.retain();
        } finally {
            records.release();
        }
    }

    /** Sends close_notify; nothing can be sent after it. */
    void close() throws SSLException {
        engine.closeOutbound();
        flushEngine();
    }

    /** Sends the alert that says what was wrong, if there is one. */
    void sendAlert() {
        try {
            flushEngine();
        } catch (SSLException alreadyKnown) {
            // It is why the alert is sent.
        }
    }

    private void flushEngine() throws SSLException {
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            emit(wrapOwn());
        }
    }

    void release() {
        releaseIncomplete();
        ticket.release();
        ticket = Unpooled.EMPTY_BUFFER;
    }

    private void releaseIncomplete() {
        incomplete.release();
        incomplete = Unpooled.EMPTY_BUFFER;
    }
}
