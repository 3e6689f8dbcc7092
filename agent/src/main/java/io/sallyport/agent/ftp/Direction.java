package io.sallyport.agent.ftp;

import io.sallyport.protocol.EndReason;

/** Which side of an FTP conversation the partner is. */
enum Direction {
    /** A client that comes to a service. */
    REVERSE,
    /** A server that a process inside wants to reach. */
    FORWARD;

    /** What the side inside is called. */
    String inside() {
        return this == REVERSE ? "origin" : "client";
    }

    EndReason clientReset() {
        return this == REVERSE ? EndReason.PARTNER_RESET : EndReason.ORIGIN_RESET;
    }

    EndReason serverReset() {
        return this == REVERSE ? EndReason.ORIGIN_RESET : EndReason.PARTNER_RESET;
    }
}
