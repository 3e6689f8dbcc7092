package io.sallyport.bench.soak;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bench/run soak}. */
@Command(name = "soak")
public final class SoakCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
