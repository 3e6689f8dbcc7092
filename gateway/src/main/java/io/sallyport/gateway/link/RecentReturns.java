package io.sallyport.gateway.link;

import java.time.Duration;

/**
 * How many data channels came back of late: about as many come back soon. It forgets fast, so that
 * nobody is kept waiting for sessions that have become long.
 */
final class RecentReturns {
    /**
     * Who gets a channel within such a time is served sooner by waiting than by one more handshake
     * on loops that have more to do than they can.
     */
    static final Duration WINDOW = Duration.ofMillis(100);

    /**
     * So few may well be the last, and where only so few sessions come, a handshake keeps nobody
     * waiting.
     */
    private static final int FEW = 8;

    private long beganNanos;
    private int inWindow;
    private int inLastWindow;

    RecentReturns(long nowNanos) {
        beganNanos = nowNanos;
    }

    void add(long nowNanos) {
        advance(nowNanos);
        inWindow++;
    }

    /** Of those that carry sessions none comes back: whom they belonged to is gone. */
    void forget() {
        inWindow = 0;
        inLastWindow = 0;
    }

    /** What is sure to come back within the time of a window, if all goes on as it did. */
    int expected(long nowNanos) {
        advance(nowNanos);
        return Math.max(0, Math.max(inWindow, inLastWindow) - FEW);
    }

    private void advance(long nowNanos) {
        long windows = (nowNanos - beganNanos) / WINDOW.toNanos();
        if (windows > 0) {
            inLastWindow = windows == 1 ? inWindow : 0;
            inWindow = 0;
            beganNanos += windows * WINDOW.toNanos();
        }
    }
}
