package io.sallyport.copy.progress;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A line when a file is there, and one in half a minute while it is not: for logs. */
public final class Lines implements Progress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PrintWriter out;
    private final LongSupplier nanoClock;
    private @Nullable FileStart file;
    private long told;

    public Lines(PrintWriter out, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
    }

    static String doneLine(FileDone file) {
        return "%s: %s in %s, %s, %s"
                .formatted(
                        file.name(),
                        Amount.ofBytes(file.bytes()),
                        Amount.ofSeconds(Math.ceilDiv(file.millis(), 1000)),
                        Amount.rate(file.moved(), file.millis()),
                        file.checked());
    }

    static String startLine(FileStart file) {
        return file.name() + ": goes on from " + Amount.ofBytes(file.alreadyThere());
    }

    @Override
    public void started(FileStart start) {
        file = start;
        told = nanoClock.getAsLong();
        if (start.alreadyThere() > 0) {
            say(startLine(start));
        }
    }

    @Override
    public void moved(long bytes) {
        FileStart current = file;
        if (current != null && nanoClock.getAsLong() - told >= EVERY_NANOS) {
            told = nanoClock.getAsLong();
            String of = current.bytes() < 0 ? "" : " of " + Amount.ofBytes(current.bytes());
            say(current.name() + ": " + Amount.ofBytes(bytes) + of);
        }
    }

    @Override
    public void done(FileDone done) {
        say(doneLine(done));
    }

    @Override
    public void failed(String name, String sentence, int exitCode) {
        say("sallyport: " + sentence);
    }

    @Override
    public void note(String sentence) {
        say(sentence);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
