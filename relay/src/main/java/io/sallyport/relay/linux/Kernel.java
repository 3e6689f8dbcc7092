package io.sallyport.relay.linux;

import io.netty.util.concurrent.FastThreadLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Set;

/**
 * Makes system calls. All go through syscall(2), because the JVM needs some milliseconds for each
 * kind of function that it is to call, and the start has to be quick. For one thread.
 */
public final class Kernel {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout ERROR = Linker.Option.captureStateLayout();
    private static final VarHandle ERROR_NUMBER =
            ERROR.varHandle(PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = syscall();

    private static final FastThreadLocal<Kernel> OF_THREAD =
            new FastThreadLocal<>() {
                @Override
                protected Kernel initialValue() {
                    return new Kernel();
                }
            };

    private final MemorySegment error = Arena.ofAuto().allocate(ERROR);

    private Kernel() {}

    public static Kernel ofThread() {
        return OF_THREAD.get();
    }

    /** Whether this system has the numbers and layouts that are used here. */
    public static boolean fitsSystem() {
        return System.getProperty("os.name").equals("Linux")
                && Set.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle syscall() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find("syscall").orElseThrow(),
                FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /** What the call gives, or the negative error number. */
    public long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) SYSCALL.invokeExact(error, call.number(), a, b, c, d, e, f);
            return result == -1 ? -(int) ERROR_NUMBER.get(error, 0L) : result;
        } catch (Throwable unexpected) {
            throw new IllegalStateException("a system call can't be made", unexpected);
        }
    }

    /** The same, for what needs fewer arguments. */
    public int call(SystemCall call, long a, long b, long c) {
        return (int) call(call, a, b, c, 0, 0, 0);
    }

    /** Lets go of a descriptor. */
    public void close(int descriptor) {
        int _ = call(SystemCall.CLOSE, descriptor, 0, 0);
    }
}
