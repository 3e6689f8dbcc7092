package io.sallyport.copy.progress;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A bar with rate and time left, in one line of a terminal that is written again and again. */
public final class Bar implements Progress {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int BAR_LETTERS = 20;
    private static final int NAME_LETTERS_MAX = 30;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final LongSupplier nanoClock;
    private @Nullable FileStart file;
    private long begun;
    private long drawn;

    public Bar(PrintWriter out, LongSupplier nanoClock) {
        this.out = out;
        this.nanoClock = nanoClock;
    }

    @Override
    public void started(FileStart start) {
        file = start;
        begun = nanoClock.getAsLong();
        draw(start, start.alreadyThere());
    }

    @Override
    public void moved(long bytes) {
        FileStart current = file;
        if (current != null && nanoClock.getAsLong() - drawn >= EVERY_NANOS) {
            draw(current, bytes);
        }
    }

    private void draw(FileStart start, long bytes) {
        drawn = nanoClock.getAsLong();
        long millis = TimeUnit.NANOSECONDS.toMillis(drawn - begun);
        out.print(CLEAR_LINE + line(start, bytes, millis));
        out.flush();
    }

    /** {@code name 42% [======== ] 1.2 MiB/s 0:10 left}. */
    static String line(FileStart file, long bytes, long millis) {
        String name = shortened(printable(file.name()));
        long moved = bytes - file.alreadyThere();
        String rate = Amount.rate(moved, millis);
        if (file.bytes() < 0) {
            return "%s  %s  %s".formatted(name, Amount.ofBytes(bytes), rate);
        }
        double part = file.bytes() == 0 ? 1 : (double) bytes / (double) file.bytes();
        int full = (int) Math.min(BAR_LETTERS, part * BAR_LETTERS);
        String left =
                moved <= 0
                        ? ""
                        : "  "
                                + Amount.ofSeconds(secondsLeft(file.bytes() - bytes, moved, millis))
                                + " left";
        return "%s  %3.0f%% [%s%s]  %s%s"
                .formatted(
                        name,
                        Math.floor(part * 100),
                        "=".repeat(full),
                        " ".repeat(BAR_LETTERS - full),
                        rate,
                        left);
    }

    private static long secondsLeft(long bytes, long moved, long millis) {
        return (long) ((double) bytes / (double) moved * (double) millis / 1000);
    }

    private static String shortened(String name) {
        return name.length() <= NAME_LETTERS_MAX
                ? name
                : "…" + name.substring(name.length() - NAME_LETTERS_MAX + 1);
    }

    /** A server chooses names, and must not steer the terminal with them. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void done(FileDone done) {
        line(Lines.doneLine(done));
    }

    @Override
    public void failed(String name, String sentence, int exitCode) {
        line("sallyport: " + sentence);
    }

    @Override
    public void note(String sentence) {
        line(sentence);
    }

    private void line(String text) {
        file = null;
        out.println(CLEAR_LINE + printable(text));
        out.flush();
    }
}
