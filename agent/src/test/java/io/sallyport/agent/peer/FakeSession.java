package io.sallyport.agent.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.SessionId;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A session in the place of the gateway: what the test sends here, a partner sent. */
public final class FakeSession implements LegHandler {
    private static final int SECONDS = 20;
    private static final int BLOCK = 128 * 1024;

    private final SessionOpening opening;
    private final CompletableFuture<Leg> leg = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<byte[]> ended = new CompletableFuture<>();
    private final CompletableFuture<Reset> reset = new CompletableFuture<>();
    private boolean inputEnded;
    private boolean endSent;

    /** How a session was aborted. */
    public record Reset(EndReason reason, String why) {}

    private FakeSession(SessionOpening opening) {
        this.opening = opening;
    }

    public static SessionOpening opening(String service) {
        return new SessionOpening(
                SessionId.random(),
                service,
                endpoint("192.0.2.7", 40_000),
                endpoint("198.51.100.1", 22));
    }

    public static Endpoint endpoint(String address, int port) {
        return new Endpoint(InetAddress.ofLiteral(address), port);
    }

    /**
     * Opens a session on a data channel.
     *
     * @param next with which the agent may offer the channel again
     */
    public static FakeSession open(FakeGateway.Offer offer, SessionOpening opening, Ticket next) {
        return open(offer, opening, offer.named(opening, next));
    }

    /** Opens a session on a data channel with this frame. */
    public static FakeSession open(
            FakeGateway.Offer offer, SessionOpening opening, DataFrame named) {
        var session = new FakeSession(opening);
        offer.channel().loop().execute(() -> session.begin(offer, named));
        session.leg.join();
        return session;
    }

    private void begin(FakeGateway.Offer offer, DataFrame named) {
        Leg open = offer.channel().open(named, () -> opened.complete(null));
        leg.complete(open);
        open.attach(this);
    }

    public SessionId id() {
        return opening.session();
    }

    public void send(String text) {
        send(text.getBytes(StandardCharsets.US_ASCII));
    }

    public void send(byte[] bytes) {
        onLeg(() -> {
            for (int start = 0; start < bytes.length; start += BLOCK) {
                int length = Math.min(BLOCK, bytes.length - start);
                leg.join().write(Unpooled.wrappedBuffer(bytes, start, length));
            }
            leg.join().flush();
        });
    }

    /** The partner sends no more. */
    public void end() {
        onLeg(() -> leg.join().end());
    }

    /** The partner is reset. */
    public void reset() {
        onLeg(() -> leg.join().reset(EndReason.PARTNER_RESET, "the partner was reset"));
    }

    private void onLeg(Runnable action) {
        leg.join().loop().execute(action);
    }

    /** Waits until the agent says that the origin is connected. */
    public void awaitOpened() {
        opened.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** Waits for the orderly end of the origin's direction, and returns all that came. */
    public byte[] awaitEnd() {
        return ended.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    public Reset awaitReset() {
        return reset.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    public boolean isReset() {
        return reset.isDone();
    }

    public synchronized String received() {
        return received.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public synchronized void onBytes(ByteBuf bytes) {
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        bytes.release();
        received.writeBytes(copy);
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onWritabilityChanged(boolean writable) {}

    @Override
    public synchronized void onEnd() {
        inputEnded = true;
        closeIfOver();
        ended.complete(received.toByteArray());
    }

    @Override
    public synchronized void onEndSent() {
        endSent = true;
        closeIfOver();
    }

    private void closeIfOver() {
        if (inputEnded && endSent) {
            leg.join().close();
        }
    }

    @Override
    public void onReset(EndReason reason, String why) {
        reset.complete(new Reset(reason, why));
        ended.completeExceptionally(new AssertionError("reset: " + reason + " " + why));
    }
}
