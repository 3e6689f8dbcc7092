package io.sallyport.bench.measure;

import java.util.regex.Pattern;

/** Reads what the files of /proc say. Ticks are hundredths of a second. */
public final class ProcStat {
    static final double TICKS_PER_SECOND = 100;

    private static final Pattern MAPPING = Pattern.compile("(\\p{XDigit}+)-\\p{XDigit}+ ");

    /** All processors together, in ticks since the start of the machine. */
    public record Processors(long busy, long steal) {}

    /** User and system time of a process, its ended children included, from its /proc/PID/stat. */
    static long ticks(String stat) {
        // The name may have spaces and brackets; what follows its last bracket has none.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11])
                + Long.parseLong(fields[12])
                + Long.parseLong(fields[13])
                + Long.parseLong(fields[14]);
    }

    /** A line of /proc/PID/smaps_rollup or /proc/PID/status that ends in kB; 0 without it. */
    static long kib(String lines, String key) {
        var found = Pattern.compile("^" + key + ":\\s+(\\d+) kB", Pattern.MULTILINE).matcher(lines);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    /** Sums /proc/PID/smaps over the mappings that do not begin within these addresses. */
    static long pssKibOutside(String smaps, long begin, long end) {
        long sum = 0;
        boolean counts = false;
        for (String line : smaps.lines().toList()) {
            var mapping = MAPPING.matcher(line);
            if (mapping.lookingAt()) {
                long address = Long.parseUnsignedLong(mapping.group(1), 16);
                counts = address < begin || address >= end;
            } else if (counts) {
                sum += kib(line, "Pss");
            }
        }
        return sum;
    }

    /** The first line of /proc/stat. */
    static Processors processors(String stat) {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice
        String[] fields = stat.lines().findFirst().orElseThrow().split("\\s+", -1);
        long busy = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) {
            busy += Long.parseLong(fields[field]);
        }
        return new Processors(busy, Long.parseLong(fields[8]));
    }

    private ProcStat() {}
}
