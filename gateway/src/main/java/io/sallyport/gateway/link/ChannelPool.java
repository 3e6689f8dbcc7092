package io.sallyport.gateway.link;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.Ticket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The data channels of one agent and kind: those that were asked for, those that wait for a
 * session, and the sessions that wait for one. As many are kept warm as the demand of the last
 * seconds suggests: what sessions took and did not give back. Used on the core loop only.
 */
final class ChannelPool {
    /** How long a channel beyond the demand stays warm. */
    static final Duration SURPLUS_LIFE = Duration.ofSeconds(30);

    private static final int WARM_MIN = 4;

    /** The demand of how many seconds is kept warm: about what it takes to dial, with a margin. */
    private static final double WARM_SECONDS = 0.25;

    private static final double DEMAND_DECAY = 0.8;

    private final ChannelKind kind;
    private final Consumer<Dial> dial;
    private final LongSupplier nanoTime;
    private final Map<Ticket, Long> issuedNanos = new LinkedHashMap<>();
    private final ArrayDeque<Warm> warm = new ArrayDeque<>();
    private final FairQueue waiting = new FairQueue();
    private final int warmMax;
    private int takenThisSecond;
    private double demandPerSecond;

    private record Warm(Offer offer, long sinceNanos) {}

    ChannelPool(ChannelKind kind, int warmMax, LongSupplier nanoTime, Consumer<Dial> dial) {
        this.kind = kind;
        this.warmMax = warmMax;
        this.nanoTime = nanoTime;
        this.dial = dial;
    }

    int warm() {
        return warm.size();
    }

    int asked() {
        return issuedNanos.size();
    }

    int waiting() {
        return waiting.size();
    }

    /**
     * Gives the request a warm channel, the one used last first, or lets it wait for the next that
     * comes.
     */
    void request(ChannelRequest request) {
        takenThisSecond++;
        while (!warm.isEmpty()) {
            Offer offer = warm.removeLast().offer();
            if (offer.isUsable()) {
                request.take(offer);
                refill();
                return;
            }
        }
        waiting.add(request);
        refill();
    }

    void cancel(ChannelRequest request) {
        waiting.remove(request);
    }

    /** Takes a ticket once; false if it was never issued, was taken before, or came too late. */
    boolean redeem(Ticket ticket) {
        return issuedNanos.remove(ticket) != null;
    }

    /** A channel came back that was taken for a session, which has ended. */
    void returned(Offer offer) {
        takenThisSecond--;
        offered(offer);
    }

    /** A channel came for a ticket that was redeemed. */
    void offered(Offer offer) {
        for (var request = waiting.poll(); request != null; request = waiting.poll()) {
            if (request.take(offer)) {
                return;
            }
        }
        if (warm.size() < warmMax) {
            warm.addLast(new Warm(offer, nanoTime.getAsLong()));
        } else {
            offer.retire();
        }
    }

    void gone(Offer offer) {
        warm.removeIf(candidate -> candidate.offer().equals(offer));
    }

    /**
     * The agent could not dial for these tickets. They are asked for again at the next tick, not at
     * once.
     */
    void failed(Collection<Ticket> tickets) {
        tickets.forEach(issuedNanos::remove);
    }

    /**
     * To be called once a second.
     *
     * @return how many tickets ran out: channels that were asked for and did not come
     */
    int tick() {
        demandPerSecond = Math.max(Math.max(0, takenThisSecond), demandPerSecond * DEMAND_DECAY);
        takenThisSecond = 0;
        int expired = expireTickets();
        retireSurplus();
        refill();
        return expired;
    }

    void refill() {
        int wanted =
                Math.min(
                        Protocol.TICKETS_MAX,
                        waiting.size() + target() - warm.size() - issuedNanos.size());
        boolean enoughForNow =
                waiting.size() <= issuedNanos.size()
                        && warm.size() + issuedNanos.size() > target() / 2;
        if (wanted <= 0 || enoughForNow) {
            return;
        }
        List<Ticket> tickets = new ArrayList<>(wanted);
        for (int i = 0; i < wanted; i++) {
            Ticket ticket = Ticket.random();
            issuedNanos.put(ticket, nanoTime.getAsLong());
            tickets.add(ticket);
        }
        dial.accept(new Dial(kind, tickets));
    }

    /**
     * Forgets the tickets and channels of a control channel that is gone. Requests go on waiting.
     */
    void reset() {
        issuedNanos.clear();
        warm.forEach(channel -> channel.offer().retire());
        warm.clear();
    }

    private int target() {
        return Math.min(warmMax, WARM_MIN + (int) Math.ceil(demandPerSecond * WARM_SECONDS));
    }

    private int expireTickets() {
        int expired = 0;
        long now = nanoTime.getAsLong();
        Iterator<Long> issued = issuedNanos.values().iterator();
        while (issued.hasNext() && now - issued.next() >= Protocol.TICKET_LIFETIME.toNanos()) {
            issued.remove();
            expired++;
        }
        return expired;
    }

    private void retireSurplus() {
        long now = nanoTime.getAsLong();
        while (warm.size() > target()
                && now - warm.getFirst().sinceNanos() >= SURPLUS_LIFE.toNanos()) {
            warm.removeFirst().offer().retire();
        }
    }
}
