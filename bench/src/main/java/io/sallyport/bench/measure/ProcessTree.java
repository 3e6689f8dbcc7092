package io.sallyport.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Some processes and all their descendants, as /proc shows them. Of what is gone it says 0. */
public final class ProcessTree {
    private final List<ProcessHandle> roots;

    public ProcessTree(Collection<ProcessHandle> roots) {
        this.roots = List.copyOf(roots);
    }

    /** User and system time so far, in seconds. */
    public double cpuSeconds() {
        return sum(pid -> {
            String stat = read(pid, "stat");
            return stat.isEmpty() ? 0 : ProcStat.ticks(stat);
        })
                / ProcStat.TICKS_PER_SECOND;
    }

    /** Proportional set size: what is shared by several is divided among them. */
    public double pssKib() {
        return sum(pid -> ProcStat.kib(read(pid, "smaps_rollup"), "Pss"));
    }

    /** That of mappings outside a range of addresses. */
    public double pssKibOutside(long begin, long end) {
        return sum(pid -> ProcStat.pssKibOutside(read(pid, "smaps"), begin, end));
    }

    /**
     * How many descriptors of a kind are open.
     *
     * @param kind {@code socket} or {@code pipe}
     */
    public long descriptors(String kind) {
        return sum(pid -> descriptors(pid).filter(one -> one.startsWith(kind + ":")).count());
    }

    /** How many descriptors are open, of whatever kind. */
    public long descriptors() {
        return sum(pid -> descriptors(pid).count());
    }

    private long sum(ToLongFunction<Long> ofProcess) {
        return roots.stream()
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .map(ProcessHandle::pid)
                .distinct()
                .mapToLong(ofProcess)
                .sum();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid, file));
        } catch (IOException gone) {
            return "";
        }
    }

    private static Stream<String> descriptors(long pid) {
        try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid, "fd"))) {
            return entries.map(ProcessTree::target).toList().stream();
        } catch (IOException gone) {
            return Stream.of();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "closed";
        }
    }
}
