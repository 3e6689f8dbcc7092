package io.sallyport.copy;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names with {@code *} for any letters and {@code ?} for one. */
final class Wildcard {
    private Wildcard() {}

    /** Hidden names match only a wildcard that begins with a dot, as in a shell. */
    static Pattern pattern(String wildcard) {
        String letters =
                wildcard.chars()
                        .mapToObj(letter ->
                                switch (letter) {
                                    case '*' -> ".*";
                                    case '?' -> ".";
                                    default -> Pattern.quote(Character.toString(letter));
                                })
                        .collect(Collectors.joining());
        return Pattern.compile((wildcard.startsWith(".") ? "" : "(?!\\.)") + letters);
    }

    /** A name with nothing in it that steers a terminal. */
    static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
