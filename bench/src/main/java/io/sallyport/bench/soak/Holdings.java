package io.sallyport.bench.soak;

import io.sallyport.bench.measure.ProcessTree;
import io.sallyport.bench.target.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one process holds at rest.
 *
 * @param heapKib what is alive on the Java heap
 * @param nativeKib what is resident beside the heap
 */
record Holdings(long sockets, long pipes, long others, long heapKib, long nativeKib) {
    /** Warm data channels come and go. */
    private static final int SOCKETS_MAY_GROW_BY = 10;

    private static final int PIPES_MAY_GROW_BY = 16;
    private static final int OTHERS_MAY_GROW_BY = 16;
    private static final int HEAP_MAY_GROW_BY_KIB = 16 << 10;

    /** Compiled code and the allocator's reserves grow for a while. */
    private static final int NATIVE_MAY_GROW_BY_KIB = 48 << 10;

    private static final Pattern SIZES =
            Pattern.compile("total (?:reserved )?(\\d+)K.*?used (\\d+)K");

    static Holdings of(Server server) throws IOException {
        String pid = Long.toString(server.handle().pid());
        jcmd(pid, "GC.run");
        String heap = jcmd(pid, "GC.heap_info");
        var tree = new ProcessTree(List.of(server.handle()));
        long sockets = tree.descriptors("socket");
        long pipes = tree.descriptors("pipe");
        return new Holdings(
                sockets,
                pipes,
                tree.descriptors() - sockets - pipes,
                sum(heap, 2),
                (long) tree.pssKib() - sum(heap, 1));
    }

    /** Sentences on what is more than it was; none if nothing is. */
    List<String> growthSince(Holdings before) {
        List<String> grown = new ArrayList<>();
        compare(grown, "sockets", before.sockets, sockets, SOCKETS_MAY_GROW_BY);
        compare(grown, "pipes", before.pipes, pipes, PIPES_MAY_GROW_BY);
        compare(grown, "other descriptors", before.others, others, OTHERS_MAY_GROW_BY);
        compare(grown, "KiB of heap", before.heapKib, heapKib, HEAP_MAY_GROW_BY_KIB);
        compare(grown, "KiB of native memory", before.nativeKib, nativeKib, NATIVE_MAY_GROW_BY_KIB);
        return grown;
    }

    private static void compare(List<String> grown, String what, long before, long now, int by) {
        if (now > before + by) {
            grown.add("%,d %s, and had %,d before".formatted(now, what, before));
        }
    }

    /** Sums the generations; what is not the heap follows them. */
    static long sum(String heapInfo, int group) {
        int metaspace = heapInfo.indexOf("Metaspace");
        Matcher sizes = SIZES.matcher(metaspace < 0 ? heapInfo : heapInfo.substring(0, metaspace));
        long sum = 0;
        while (sizes.find()) {
            sum += Long.parseLong(sizes.group(group));
        }
        return sum;
    }

    private static String jcmd(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/jcmd");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.getInputStream()) {
            return new String(out.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
