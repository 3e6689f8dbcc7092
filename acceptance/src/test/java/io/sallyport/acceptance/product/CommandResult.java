package io.sallyport.acceptance.product;

/** What a command that ended by itself left behind. */
public record CommandResult(int exitCode, String out, String err) {
    /** Everything that the command wrote. */
    public String text() {
        return out + err;
    }
}
