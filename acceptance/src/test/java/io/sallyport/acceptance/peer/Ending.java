package io.sallyport.acceptance.peer;

/** How a connection ended, as the side that reads it sees it. */
public enum Ending {
    /** The end of the stream: to the reader, what came is whole. */
    ORDERLY,
    /** A reset: the reader knows that something is missing. */
    RESET,
    /** Nothing came for longer than the test is willing to wait. */
    NONE
}
