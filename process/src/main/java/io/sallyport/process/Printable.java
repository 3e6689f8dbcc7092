package io.sallyport.process;

/**
 * Text from elsewhere made fit for a terminal and for one line of a log: what could forge a line,
 * move the cursor or turn the reading direction is escaped.
 */
public final class Printable {
    private static final int LENGTH_MAX = 16_384;

    private Printable() {}

    /** The same text with each such character as a backslash, a {@code u} and its number. */
    public static String of(String text) {
        if (text.length() <= LENGTH_MAX
                && (isVisibleAscii(text)
                        || text.codePoints().noneMatch(Printable::mustBeEscaped))) {
            return text;
        }
        var printable = new StringBuilder();
        text.codePoints()
                .limit(LENGTH_MAX)
                .forEach(codePoint -> {
                    if (mustBeEscaped(codePoint)) {
                        printable.append(String.format("\\u%04x", codePoint));
                    } else {
                        printable.appendCodePoint(codePoint);
                    }
                });
        return text.codePointCount(0, text.length()) > LENGTH_MAX
                ? printable.append('…').toString()
                : printable.toString();
    }

    /** Says of nearly every text, and for little, that nothing in it must be escaped. */
    private static boolean isVisibleAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character < ' ' || character > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean mustBeEscaped(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED ->
                    true;
            default -> false;
        };
    }
}
