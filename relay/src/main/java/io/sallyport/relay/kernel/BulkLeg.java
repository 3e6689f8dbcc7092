package io.sallyport.relay.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.LossWatcher;
import io.sallyport.relay.SocketLeg;
import io.sallyport.relay.tcp.TcpChannel;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a socket leg and its relay, and carries what comes in bulk past the relay, to the
 * other leg: socket, pipe, socket. All else, the end of the input included, goes through the relay.
 *
 * <pre>
 * COPYING ─much read at once→ FLUSHING ─all of it is sent→ SPLICING ─little to read, its end, or no pipe→ COPYING
 * </pre>
 */
final class BulkLeg implements Leg, LegHandler {
    /** One turn of reading that brings so many bytes makes a pipe worth while. */
    private static final int BULK_BYTES = 64 * 1024;

    /** One turn of reading that brings no more than this does not. */
    private static final int TRICKLE_BYTES = 16 * 1024;

    /** After so many pipes full it is the turn of the loop's other sessions. */
    private static final int ROUNDS_MAX = 4;

    private enum State {
        COPYING,
        FLUSHING,
        SPLICING,
        OVER
    }

    private final SocketLeg leg;
    private final SocketLeg other;
    private final TcpChannel source;
    private final TcpChannel destination;
    private final Pipes pipes;
    private @Nullable LegHandler handler;
    private State state = State.COPYING;
    private boolean attached;
    private boolean reading = true;
    private long turnBytes;

    /** Holds bytes, always, between two turns: then the destination is waited for. */
    private @Nullable Pipe pipe;

    BulkLeg(SocketLeg leg, SocketLeg other, Pipes pipes) {
        this.leg = leg;
        this.other = other;
        source = leg.channel();
        destination = other.channel();
        this.pipes = pipes;
    }

    // ---- what the leg tells

    @Override
    public void onBytes(ByteBuf bytes) {
        turnBytes += bytes.readableBytes();
        relay().onBytes(bytes);
    }

    @Override
    public void onReadComplete() {
        relay().onReadComplete();
        long brought = turnBytes;
        turnBytes = 0;
        if (attached && state == State.COPYING && brought >= BULK_BYTES && pipes.canLend()) {
            flushThenSplice();
        }
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
        relay().onWritabilityChanged(writable);
    }

    @Override
    public void onEnd() {
        copy();
        relay().onEnd();
    }

    @Override
    public void onEndSent() {
        relay().onEndSent();
    }

    @Override
    public void onReset(EndReason reason, String why) {
        relay().onReset(reason, why);
    }

    private LegHandler relay() {
        if (handler == null) {
            throw new IllegalStateException("nobody is attached");
        }
        return handler;
    }

    // ---- past the relay

    /** What was copied goes first. */
    private void flushThenSplice() {
        state = State.FLUSHING;
        leg.setReading(false);
        destination
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener((ChannelFuture flushed) -> {
                    if (flushed.isSuccess() && state == State.FLUSHING) {
                        splice();
                    }
                });
    }

    private void splice() {
        state = State.SPLICING;
        source.divertReadable(this::onReadable);
        leg.setReading(true);
    }

    /** Lets the relay go on; not while a pipe holds bytes. */
    private void copy() {
        if (state != State.OVER) {
            state = State.COPYING;
            source.divertReadable(null);
            leg.setReading(reading);
        }
    }

    private void onReadable() {
        if (state != State.SPLICING || pipe != null) {
            return;
        }
        turnBytes = 0;
        pipe = pipes.borrow();
        if (pipe == null) {
            copy();
        } else {
            carry(pipe);
        }
    }

    private void onWritable() {
        if (state != State.SPLICING || pipe == null) {
            return;
        }
        // A slow reader that takes bytes is not silent.
        relay().onPassed(0);
        Pipe waiting = pipe;
        if (drain(waiting)) {
            destination.divertWritable(null);
            leg.setReading(true);
            carry(waiting);
        }
    }

    private void carry(Pipe empty) {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            long taken = empty.fillFrom(source.descriptor());
            if (taken <= 0) {
                if (SystemCalls.isEmpty(taken)) {
                    source.drained();
                }
                giveBack(empty);
                if (taken < 0 && !SystemCalls.isToWait(taken)) {
                    leg.lose("was lost: " + empty.error(taken));
                } else if (taken == 0 || turnBytes <= TRICKLE_BYTES) {
                    copy();
                }
                return;
            }
            turnBytes += taken;
            relay().onPassed(taken);
            if (!drain(empty)) {
                return;
            }
        }
        giveBack(empty);
    }

    /** Whether the pipe is empty now. If not, the destination is waited for, or was lost. */
    private boolean drain(Pipe full) {
        while (!full.isEmpty()) {
            long given = full.drainTo(destination.descriptor());
            if (given <= 0) {
                if (SystemCalls.isToWait(given)) {
                    leg.setReading(false);
                    destination.divertWritable(this::onWritable);
                } else {
                    other.lose("was lost: " + full.error(given));
                }
                return false;
            }
        }
        return true;
    }

    private void giveBack(Pipe borrowed) {
        pipe = null;
        pipes.giveBack(borrowed);
    }

    private void stop() {
        state = State.OVER;
        source.divertReadable(null);
        if (pipe != null) {
            destination.divertWritable(null);
            giveBack(pipe);
        }
    }

    // ---- what the relay asks

    @Override
    public EventLoop loop() {
        return leg.loop();
    }

    @Override
    public void watch(LossWatcher watcher) {
        leg.watch(watcher);
    }

    @Override
    public void attach(LegHandler handler) {
        this.handler = handler;
        leg.attach(this);
        attached = true;
    }

    @Override
    public void write(ByteBuf bytes) {
        leg.write(bytes);
    }

    @Override
    public void flush() {
        leg.flush();
    }

    @Override
    public boolean isWritable() {
        return leg.isWritable();
    }

    @Override
    public void setReading(boolean reading) {
        this.reading = reading;
        if (state == State.COPYING) {
            leg.setReading(reading);
        }
    }

    @Override
    public void end() {
        leg.end();
    }

    @Override
    public void close() {
        stop();
        leg.close();
    }

    @Override
    public void reset(EndReason reason, String why) {
        stop();
        leg.reset(reason, why);
    }
}
