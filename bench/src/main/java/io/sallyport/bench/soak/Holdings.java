package io.sallyport.bench.soak;

import io.sallyport.bench.measure.ProcessTree;
import io.sallyport.bench.target.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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

    static Holdings of(Server server) throws IOException {
        String pid = Long.toString(server.handle().pid());
        jcmd(pid, "GC.run");
        Heap heap = Heap.of(jcmd(pid, "GC.heap_info"));
        var tree = new ProcessTree(List.of(server.handle()));
        long sockets = tree.descriptors("socket");
        long pipes = tree.descriptors("pipe");
        return new Holdings(
                sockets,
                pipes,
                tree.descriptors() - sockets - pipes,
                heap.usedKib(),
                (long) tree.pssKibOutside(heap.begin(), heap.end()));
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
