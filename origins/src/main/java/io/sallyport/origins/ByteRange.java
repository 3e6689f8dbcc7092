package io.sallyport.origins;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a Range header asks of a file (RFC 9110, section 14). Several ranges at once are answered
 * with the whole.
 */
sealed interface ByteRange {
    /** All of it: nothing else was asked, or nothing that this server understands. */
    record Whole() implements ByteRange {}

    /** The bytes from {@code first} to {@code last}, both included. */
    record Part(long first, long last) implements ByteRange {
        long length() {
            return last - first + 1;
        }
    }

    /** The range begins behind the end. */
    record Unsatisfiable() implements ByteRange {}

    Pattern SINGLE_RANGE = Pattern.compile("bytes=(\\d*)-(\\d*)", Pattern.CASE_INSENSITIVE);

    static ByteRange of(@Nullable String header, long fileLength) {
        if (header == null) {
            return new Whole();
        }
        Matcher range = SINGLE_RANGE.matcher(header.strip());
        if (!range.matches()) {
            return new Whole();
        }
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? new Whole() : suffix(number(last), fileLength);
        }
        return fromTo(number(first), last.isEmpty() ? Long.MAX_VALUE : number(last), fileLength);
    }

    private static ByteRange suffix(long wanted, long fileLength) {
        if (wanted == 0) {
            return new Unsatisfiable();
        }
        // The last bytes of nothing are nothing, and a part cannot say "no byte".
        return fileLength == 0
                ? new Whole()
                : new Part(Math.max(0, fileLength - wanted), fileLength - 1);
    }

    private static ByteRange fromTo(long first, long last, long fileLength) {
        if (first > last) {
            return new Whole();
        }
        return first >= fileLength
                ? new Unsatisfiable()
                : new Part(first, Math.min(last, fileLength - 1));
    }

    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }
}
