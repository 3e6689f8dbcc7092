package io.sallyport.gateway.link;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.Protocol;
import io.sallyport.protocol.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The data channels of one agent and kind: those that were asked for, those that wait for a
 * session, and the sessions that wait for one. As many are kept warm as the demand of the last
 * seconds suggests: what sessions took and did not give back. Used on the core loop only.
 *
 * <p>Handshakes keep the loops from the sessions whose end gives channels back. So while more come
 * back soon than sessions wait, those that there are take turns, and are only kept up in number;
 * otherwise, when many wait, channels are asked for in rounds that grow.
 */
final class ChannelPool {
    /** How long a channel beyond the demand stays warm. */
    static final Duration SURPLUS_LIFE = Duration.ofSeconds(30);

    private static final int WARM_MIN = 4;

    /** The demand of how many seconds is kept warm: about what it takes to dial, with a margin. */
    private static final double WARM_SECONDS = 0.25;

    private static final double DEMAND_DECAY = 0.8;

    /**
     * So many may be dialed at first; each that comes makes it one more, as in TCP's slow start.
     */
    private static final int DIALING_MIN = 8;

    /**
     * So many have enough to do for a loop. With more at once no session would end sooner, and the
     * first ones later.
     */
    private static final int TAKING_TURNS_ON_LOOP = 4;

    private final ChannelKind kind;
    private final Consumer<Dial> dial;
    private final LongSupplier nanoTime;
    private final Map<Ticket, Long> issuedNanos = new LinkedHashMap<>();
    private final WarmChannels warm;
    private final Set<Offer> inUse = new HashSet<>();
    private final FairQueue waiting = new FairQueue();
    private final RecentReturns returns;
    private final int warmMax;
    private final int takingTurns;
    private int dialingMax = DIALING_MIN;
    private int takenThisSecond;
    private int returnedThisSecond;
    private double demandPerSecond;

    ChannelPool(
            ChannelKind kind,
            int warmMax,
            LongSupplier nanoTime,
            LoopLoads loads,
            Consumer<Dial> dial) {
        this.kind = kind;
        this.warmMax = warmMax;
        this.nanoTime = nanoTime;
        this.returns = new RecentReturns(nanoTime.getAsLong());
        this.warm = new WarmChannels(loads);
        this.takingTurns = TAKING_TURNS_ON_LOOP * loads.count();
        this.dial = dial;
    }

    int warm() {
        return warm.count();
    }

    int asked() {
        return issuedNanos.size();
    }

    int waiting() {
        return waiting.size();
    }

    /**
     * Gives the request a warm channel, of the loop that carries the least and there the one used
     * last, or lets it wait for the next that comes.
     */
    void request(ChannelRequest request) {
        takenThisSecond++;
        for (Offer offer = warm.take(); offer != null; offer = warm.take()) {
            if (offer.isUsable()) {
                gives(request, offer);
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
        inUse.remove(offer);
        returnedThisSecond++;
        returns.add(nanoTime.getAsLong());
        give(offer);
    }

    /** A channel came for a ticket that was redeemed. */
    void offered(Offer offer) {
        dialingMax = Math.min(Protocol.TICKETS_MAX, dialingMax + 1);
        give(offer);
        refill();
    }

    private void give(Offer offer) {
        for (var request = waiting.poll(); request != null; request = waiting.poll()) {
            if (gives(request, offer)) {
                return;
            }
        }
        if (warm.count() < warmMax) {
            warm.add(offer, nanoTime.getAsLong());
        } else {
            offer.retire();
        }
    }

    private boolean gives(ChannelRequest request, Offer offer) {
        boolean taken = request.take(offer);
        if (taken) {
            inUse.add(offer);
        }
        return taken;
    }

    void gone(Offer offer) {
        warm.remove(offer);
        if (inUse.remove(offer) && warm.count() == 0) {
            // All are needed. An agent ends a channel that has carried its share of sessions.
            ask(Math.min(dialingMax, issuedNanos.size() + 1));
        }
    }

    /**
     * The agent could not dial for these tickets. They are asked for again at the next tick, not at
     * once.
     */
    void failed(Collection<Ticket> tickets) {
        tickets.forEach(issuedNanos::remove);
        dialingMax = DIALING_MIN;
    }

    /**
     * To be called once a second.
     *
     * @return how many tickets ran out: channels that were asked for and did not come
     */
    int tick() {
        demandPerSecond =
                Math.max(takenThisSecond - returnedThisSecond, demandPerSecond * DEMAND_DECAY);
        takenThisSecond = 0;
        returnedThisSecond = 0;
        int expired = expireTickets();
        retireSurplus();
        if (issuedNanos.isEmpty()) {
            dialingMax = DIALING_MIN;
        }
        // Who waits for sessions that have become long is dialed for now.
        refill();
        return expired;
    }

    /** Asks for what is missing, or keeps up those that take turns. */
    void refill() {
        if (returns.expected(nanoTime.getAsLong()) <= waiting.size()) {
            ask(dialingMax);
        } else if (inUse.size() + warm.count() < takingTurns) {
            ask(1);
        }
    }

    /**
     * Asks for those who wait and for what is to be kept warm.
     *
     * @param dialing how many may then be on their way
     */
    private void ask(int dialing) {
        int spare = warm.count() + issuedNanos.size() - waiting.size();
        int wanted = Math.min(target() - spare, dialing - issuedNanos.size());
        boolean enoughForNow = spare > target() / 2;
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
        inUse.clear();
        dialingMax = DIALING_MIN;
        returns.forget();
        warm.clear(Offer::retire);
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
        long since = nanoTime.getAsLong() - SURPLUS_LIFE.toNanos();
        while (warm.count() > target()) {
            Offer surplus = warm.takeOldest(since);
            if (surplus == null) {
                return;
            }
            surplus.retire();
        }
    }
}
