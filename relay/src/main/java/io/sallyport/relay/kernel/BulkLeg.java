package io.sallyport.relay.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.sallyport.protocol.DataFrameCodec;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.LossWatcher;
import io.sallyport.relay.PlainLeg;
import io.sallyport.relay.linux.SystemError;
import io.sallyport.relay.tcp.TcpChannel;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a plain leg and its relay, and carries what comes in bulk past the relay, to the
 * other leg: socket, pipe, socket, with headers taken off and put on where a leg is framed. All
 * else, the end of the input included, goes through the relay.
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

    /** A frame that holds fewer bytes is better copied. */
    private static final int FRAME_BYTES_MIN = 4 * 1024;

    /** After so many pipes full it is the turn of the loop's other sessions. */
    private static final int ROUNDS_MAX = 4;

    private enum State {
        COPYING,
        FLUSHING,
        SPLICING,
        OVER
    }

    private final PlainLeg leg;
    private final PlainLeg other;
    private final TcpChannel source;
    private final TcpChannel destination;
    private final Pipes pipes;
    private @Nullable LegHandler handler;
    private State state = State.COPYING;
    private boolean attached;
    private boolean reading = true;
    private boolean inputEnded;
    private long turnBytes;

    /** Holds bytes, always, between two turns: then the destination is waited for. */
    private @Nullable Pipe pipe;

    BulkLeg(PlainLeg leg, PlainLeg other, Pipes pipes) {
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
        if (maySplice() && brought >= BULK_BYTES && pipes.canLend()) {
            flushThenSplice();
        }
    }

    private boolean maySplice() {
        return attached && state == State.COPYING && !inputEnded;
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
        relay().onWritabilityChanged(writable);
    }

    @Override
    public void onEnd() {
        inputEnded = true;
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
        if (state == State.SPLICING && pipe == null) {
            turnBytes = 0;
            carry();
        }
    }

    private void onWritable() {
        if (state != State.SPLICING || pipe == null) {
            return;
        }
        // A slow reader that takes bytes is not silent.
        relay().onPassed(0);
        if (drain(pipe)) {
            destination.divertWritable(null);
            other.setFrameUnderWay(false);
            giveBack(pipe);
            leg.setReading(true);
            carry();
        }
    }

    private void carry() {
        for (int round = 0; round < ROUNDS_MAX && state == State.SPLICING; round++) {
            if (!isAtSessionBytes()) {
                return;
            }
            Pipe empty = pipes.borrow();
            if (empty == null) {
                copy();
                return;
            }
            pipe = empty;
            long taken = empty.fillFrom(source.descriptor(), leg.sessionBytesNext());
            if (taken <= 0) {
                giveBack(empty);
                notTaken(taken);
                return;
            }
            leg.taken((int) taken);
            turnBytes += taken;
            relay().onPassed(taken);
            if (other.isFramed()) {
                empty.announce(DataFrameCodec.dataHeader((int) taken));
            }
            if (!drain(empty)) {
                return;
            }
            giveBack(empty);
        }
    }

    /**
     * Takes a header off, if one comes next. False if there is none, or what it says is not data.
     */
    private boolean isAtSessionBytes() {
        while (leg.sessionBytesNext() == 0) {
            int wanted = leg.headerBytesNext();
            if (wanted == 0) {
                copy();
                return false;
            }
            int got = pipes.calls().receive(source.descriptor(), wanted);
            if (got <= 0) {
                notTaken(got);
                return false;
            }
            leg.onHeader(pipes.calls().received(got));
            if (state != State.SPLICING) {
                return false;
            }
            if (leg.sessionBytesNext() > 0 && leg.sessionBytesNext() < FRAME_BYTES_MIN) {
                copy();
                return false;
            }
        }
        return true;
    }

    /**
     * @param result 0 at the end of the input, or a negative error number
     */
    private void notTaken(long result) {
        if (result == -SystemError.EAGAIN) {
            source.drained();
        }
        if (result < 0 && !SystemError.isToWait(result)) {
            leg.lose("was lost: " + SystemError.message(result));
        } else if (result == 0 || turnBytes <= TRICKLE_BYTES) {
            copy();
        }
    }

    /** Whether the pipe is empty now. If not, the destination is waited for, or was lost. */
    private boolean drain(Pipe full) {
        while (!full.isEmpty()) {
            long given = full.drainTo(destination.descriptor());
            if (given == -SystemError.EAGAIN) {
                leg.setReading(false);
                other.setFrameUnderWay(other.isFramed());
                destination.divertWritable(this::onWritable);
                return false;
            }
            // An interrupted call is made again: of room the kernel tells only who found none.
            if (given <= 0 && given != -SystemError.EINTR) {
                other.lose("was lost: " + SystemError.message(given));
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
    public void endLast() {
        leg.endLast();
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
