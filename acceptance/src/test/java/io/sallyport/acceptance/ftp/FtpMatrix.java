package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Crowd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs rows and keeps what came of every cell for a table. Origins are busy at the same time, each
 * with one row after the other.
 */
public final class FtpMatrix {
    private final FtpMaterial material;
    private final Path local;
    private final Map<FtpRow, Map<FtpOperation, Outcome>> outcomes =
            new TreeMap<>(
                    Comparator.comparing(FtpRow::mode)
                            .thenComparing(FtpRow::origin)
                            .thenComparing(FtpRow::client)
                            .thenComparing(FtpRow::family)
                            .thenComparing(FtpRow::data));
    private final Map<FtpRow, Duration> durations = new ConcurrentHashMap<>();

    /**
     * @param local where clients keep their files
     */
    public FtpMatrix(FtpMaterial material, Path local) {
        this.material = material;
        this.local = local;
    }

    /** A server, and how clients get to it. */
    public record Place(FtpServer server, FtpTarget target) {}

    /** What came of a cell. */
    private sealed interface Outcome {
        record Passed() implements Outcome {}

        record Failed(String why) implements Outcome {}

        record Impossible(String why) implements Outcome {}
    }

    /**
     * Runs every cell of the rows that can exist, but for rows that were run before; returns what
     * failed, a line for each cell.
     */
    public List<String> run(List<FtpRow> rows, Function<FtpRow, Place> places) {
        List<Callable<Map<FtpRow, Map<FtpOperation, Outcome>>>> lanes =
                rows.stream()
                        .filter(row -> !outcomes.containsKey(row))
                        .collect(Collectors.groupingBy(FtpRow::origin))
                        .values()
                        .stream()
                        .map(lane -> runLane(lane, places))
                        .toList();
        List<String> failures = new ArrayList<>();
        for (Map<FtpRow, Map<FtpOperation, Outcome>> lane : Crowd.inParallel(lanes)) {
            outcomes.putAll(lane);
            lane.forEach((row, cells) ->
                    cells.forEach((operation, outcome) -> {
                        if (outcome instanceof Outcome.Failed(var why)) {
                            failures.add(row.name() + " " + operation + ": " + why);
                        }
                    }));
        }
        return failures;
    }

    private Callable<Map<FtpRow, Map<FtpOperation, Outcome>>> runLane(
            List<FtpRow> rows, Function<FtpRow, Place> places) {
        return () -> {
            Map<FtpRow, Map<FtpOperation, Outcome>> lane = new LinkedHashMap<>();
            for (FtpRow row : rows) {
                long start = System.nanoTime();
                lane.put(row, run(row, places));
                durations.put(row, Duration.ofNanos(System.nanoTime() - start));
            }
            return lane;
        };
    }

    /** The table of all that was run: {@code ok}, {@code FAILED}, or a number that says why not. */
    public String table() {
        Map<String, Integer> reasons = new TreeMap<>();
        cells().flatMap(FtpMatrix::impossible).forEach(why -> reasons.put(why, 0));
        int number = 0;
        for (Map.Entry<String, Integer> reason : reasons.entrySet()) {
            number++;
            reason.setValue(number);
        }
        var table = new StringBuilder(line("mode", "origin", "client", "data", "family", header()));
        outcomes.forEach((row, cells) ->
                table.append(
                        line(
                                row.mode(),
                                row.origin(),
                                row.client(),
                                row.data(),
                                row.family(),
                                words(row, cells, reasons))));
        table.append('\n');
        reasons.forEach((why, its) -> table.append("(%d) %s%n".formatted(its, why)));
        table.append(
                "%n%d cells ran, %d failed, %d can't exist%n"
                        .formatted(
                                cells().filter(cell -> !(cell instanceof Outcome.Impossible))
                                        .count(),
                                cells().filter(Outcome.Failed.class::isInstance).count(),
                                cells().filter(Outcome.Impossible.class::isInstance).count()));
        table.append(FtpVersions.sentence()).append('\n');
        return table.toString();
    }

    /** Writes the table to a file and returns it. */
    public String writeTable(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String table = table();
            Files.writeString(file, table);
            return table;
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    private Map<FtpOperation, Outcome> run(FtpRow row, Function<FtpRow, Place> places) {
        Map<FtpOperation, Outcome> outcome = new EnumMap<>(FtpOperation.class);
        Set<FtpOperation> possible = EnumSet.noneOf(FtpOperation.class);
        for (FtpOperation operation : FtpOperation.values()) {
            FtpImpossible.reason(row, operation)
                    .ifPresentOrElse(
                            why -> outcome.put(operation, new Outcome.Impossible(why)),
                            () -> possible.add(operation));
        }
        if (!possible.isEmpty()) {
            Place place = places.apply(row);
            FtpWorkspace workspace =
                    FtpWorkspace.prepare(place.server(), row.name(), local, material);
            Map<FtpOperation, String> failures =
                    row.client()
                            .perform(
                                    possible,
                                    place.target().upTo(row.newestTls()),
                                    row.data(),
                                    workspace);
            for (FtpOperation operation : possible) {
                outcome.put(operation, outcome(operation, failures, workspace));
            }
            workspace.delete();
        }
        return outcome;
    }

    private static Outcome outcome(
            FtpOperation operation, Map<FtpOperation, String> failures, FtpWorkspace workspace) {
        String failure = failures.get(operation);
        if (failure != null) {
            return new Outcome.Failed(failure);
        }
        try {
            workspace.verify(operation);
            return new Outcome.Passed();
        } catch (AssertionError wrong) {
            return new Outcome.Failed(String.valueOf(wrong.getMessage()));
        }
    }

    private Stream<Outcome> cells() {
        return outcomes.values().stream().flatMap(row -> row.values().stream());
    }

    private static Stream<String> impossible(Outcome outcome) {
        return outcome instanceof Outcome.Impossible(var why) ? Stream.of(why) : Stream.empty();
    }

    private List<String> words(
            FtpRow row, Map<FtpOperation, Outcome> cells, Map<String, Integer> reasons) {
        Duration duration = durations.getOrDefault(row, Duration.ZERO);
        return Stream.concat(
                        cells.values().stream().map(cell -> word(cell, reasons)),
                        Stream.of("%.1f".formatted(duration.toMillis() / 1000.0)))
                .toList();
    }

    private static String word(Outcome outcome, Map<String, Integer> reasons) {
        return switch (outcome) {
            case Outcome.Passed() -> "ok";
            case Outcome.Failed _ -> "FAILED";
            case Outcome.Impossible(var why) -> "(" + reasons.get(why) + ")";
        };
    }

    private static List<String> header() {
        return Stream.concat(
                        Stream.of(FtpOperation.values()).map(FtpOperation::shortName),
                        Stream.of("seconds"))
                .toList();
    }

    private static String line(
            Object mode,
            Object origin,
            Object client,
            Object data,
            Object family,
            List<String> cells) {
        return "%-22s%-11s%-13s%-6s%-8s%s%n"
                .formatted(
                        mode,
                        origin,
                        client,
                        data,
                        family,
                        cells.stream()
                                .map("%-8s"::formatted)
                                .collect(Collectors.joining())
                                .stripTrailing());
    }
}
