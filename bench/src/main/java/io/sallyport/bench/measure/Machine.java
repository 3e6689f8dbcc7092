package io.sallyport.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The machine that all this runs on. */
public final class Machine {

    /** What else happened on the machine during a measurement. */
    public record Noise(double foreignCores, double stealCores, double load) {
        private static final double FOREIGN_MAX = 0.15;
        private static final double STEAL_MAX = 0.05;

        public boolean isLoud() {
            return foreignCores > FOREIGN_MAX || stealCores > STEAL_MAX;
        }
    }

    /** Watches the machine from now on. */
    public static final class Watch {
        private final ProcessTree own = new ProcessTree(java.util.List.of(ProcessHandle.current()));
        private final long beganNanos = System.nanoTime();
        private final ProcStat.Processors before = processors();
        private final double ownBefore = own.cpuSeconds();

        /** Of all busy processors, what neither this process nor its children account for. */
        public Noise noise() {
            double seconds = (System.nanoTime() - beganNanos) / 1e9;
            ProcStat.Processors now = processors();
            double busy = (now.busy() - before.busy()) / ProcStat.TICKS_PER_SECOND;
            double steal = (now.steal() - before.steal()) / ProcStat.TICKS_PER_SECOND;
            double foreign = busy - (own.cpuSeconds() - ownBefore);
            return new Noise(Math.max(0, foreign / seconds), steal / seconds, load());
        }
    }

    public static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** How many descriptors this process may open. */
    public static int descriptorsMax() {
        return read("/proc/self/limits")
                .lines()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.split("\\s+", -1)[3])
                .mapToInt(soft -> soft.equals("unlimited") ? 1 << 20 : Integer.parseInt(soft))
                .findFirst()
                .orElse(1024);
    }

    /** What somebody needs to know who compares numbers, in the order to tell it. */
    public static Map<String, String> description() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", value("/proc/cpuinfo", "model name").orElse("unknown"));
        facts.put("cores", Integer.toString(cores()));
        facts.put("memory", ProcStat.kib(read("/proc/meminfo"), "MemTotal") / 1024 + " MiB");
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("congestion control", read("/proc/sys/net/ipv4/tcp_congestion_control").strip());
        facts.put("Java of the load generator", Runtime.version().toString());
        facts.put("user", System.getProperty("user.name").equals("root") ? "root" : "ordinary");
        facts.put("descriptors", Integer.toString(descriptorsMax()));
        return facts;
    }

    private static ProcStat.Processors processors() {
        return ProcStat.processors(read("/proc/stat"));
    }

    private static double load() {
        return Double.parseDouble(read("/proc/loadavg").split(" ", -1)[0]);
    }

    private static Optional<String> value(String file, String key) {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException cannotRead) {
            throw new UncheckedIOException(cannotRead);
        }
    }

    private Machine() {}
}
