package io.sallyport.copy.progress;

import java.util.Locale;

/** Writes bytes and times as people read them. */
final class Amount {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Amount() {}

    static String ofBytes(long bytes) {
        int unit = 0;
        double amount = (double) bytes;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS[unit]);
    }

    static String rate(long bytes, long millis) {
        return ofBytes((long) ((double) bytes * 1000 / (double) Math.max(1, millis))) + "/s";
    }

    static String ofSeconds(long seconds) {
        return seconds < 3600
                ? "%d:%02d".formatted(seconds / 60, seconds % 60)
                : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
