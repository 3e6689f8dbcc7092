package io.sallyport.bench.soak;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java heap of a process.
 *
 * @param usedKib what is on it
 * @param begin its first address
 * @param end the address behind its last
 */
record Heap(long usedKib, long begin, long end) {
    /** {@code DefNew total 9792K, used 100K [0xe0000000, 0xe0aa0000, 0xeaaa0000)}. */
    private static final Pattern GENERATION =
            Pattern.compile("total \\d+K, used (\\d+)K \\[0x(\\p{XDigit}+),.*?0x(\\p{XDigit}+)\\)");

    /**
     * @param info what {@code jcmd GC.heap_info} says of the serial collector's generations
     * @throws IllegalArgumentException if it names none
     */
    static Heap of(String info) {
        long used = 0;
        long begin = Long.MAX_VALUE;
        long end = 0;
        Matcher generation = GENERATION.matcher(info);
        while (generation.find()) {
            used += Long.parseLong(generation.group(1));
            begin = Math.min(begin, Long.parseLong(generation.group(2), 16));
            end = Math.max(end, Long.parseLong(generation.group(3), 16));
        }
        if (end == 0) {
            throw new IllegalArgumentException("no generation of a heap in: " + info);
        }
        return new Heap(used, begin, end);
    }
}
