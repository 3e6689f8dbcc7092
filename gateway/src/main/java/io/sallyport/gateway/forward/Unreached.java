package io.sallyport.gateway.forward;

import io.sallyport.protocol.RefusalKind;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Locale;

/** Why no connection to a partner came about. */
record Unreached(RefusalKind kind, String why) {
    static Unreached of(Throwable failure, String destination) {
        // Netty puts the address behind the system's own words.
        String words = String.valueOf(failure.getMessage()).split(": ", 2)[0];
        if (failure instanceof SocketTimeoutException) {
            return new Unreached(
                    RefusalKind.TIMED_OUT, "partner " + destination + " did not answer in time");
        }
        if (failure instanceof NoRouteToHostException
                || words.toLowerCase(Locale.ROOT).contains("unreachable")) {
            return new Unreached(
                    RefusalKind.UNREACHABLE, "the gateway has no route to partner " + destination);
        }
        if (failure instanceof ConnectException && words.contains("refused")) {
            return new Unreached(
                    RefusalKind.CONNECTION_REFUSED,
                    "partner " + destination + " refused the connection");
        }
        return new Unreached(
                RefusalKind.FAILED, "the gateway can't connect to " + destination + ": " + words);
    }
}
