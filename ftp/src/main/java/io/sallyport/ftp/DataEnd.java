package io.sallyport.ftp;

import io.sallyport.protocol.Endpoint;

/** What one side of a conversation does for a data connection. */
public sealed interface DataEnd {
    /** It connects to where it is told. */
    record Comes() implements DataEnd {}

    /** It listens there. */
    record Waits(Endpoint at) implements DataEnd {}
}
