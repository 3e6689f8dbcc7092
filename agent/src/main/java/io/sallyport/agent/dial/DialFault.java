package io.sallyport.agent.dial;

/**
 * Why a connection could not be made.
 *
 * @param timedOut whether nothing answered in time, as opposed to a refusal
 * @param why one sentence that names the target
 */
public record DialFault(boolean timedOut, String why) {

    /** The words of the failure that caused all the others. */
    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
