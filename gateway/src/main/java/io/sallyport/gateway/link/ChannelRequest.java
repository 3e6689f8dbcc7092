package io.sallyport.gateway.link;

import java.net.InetAddress;

/** A session that waits for a data channel. Used on the core loop only. */
public interface ChannelRequest {
    /** Whose turn it counts for: addresses take turns. */
    InetAddress partnerAddress();

    /** Takes the channel; false if the session is no longer interested. */
    boolean take(Offer offer);
}
