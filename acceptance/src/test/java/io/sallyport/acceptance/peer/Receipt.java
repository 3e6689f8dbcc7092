package io.sallyport.acceptance.peer;

/** What one side received until its connection ended. */
public record Receipt(long bytes, String sha256, Ending ending) {
    static Receipt of(Receiver receiver, Ending ending) {
        return new Receipt(receiver.bytes(), receiver.sha256(), ending);
    }

    /** The receipt of a payload that arrived whole, followed by an orderly end. */
    public static Receipt whole(Payload payload) {
        return new Receipt(payload.bytes(), payload.sha256(), Ending.ORDERLY);
    }
}
