package io.sallyport.bench.report;

import io.sallyport.bench.scenario.Metric;
import io.sallyport.bench.scenario.Scenario;
import io.sallyport.bench.target.Target;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A run as a page to read. */
public final class Markdown {
    private final Run run;
    private final StringBuilder page = new StringBuilder();

    private Markdown(Run run) {
        this.run = run;
    }

    public static String of(Run run) {
        var markdown = new Markdown(run);
        markdown.head();
        markdown.floors();
        run.roundTrips().forEach(markdown::network);
        markdown.targets();
        markdown.failures();
        return markdown.page.toString();
    }

    private void head() {
        line("# Measured on " + run.began().truncatedTo(ChronoUnit.MINUTES));
        line("");
        line("Repeat it with `" + run.command() + "`.");
        line("");
        row("machine", "");
        row("---", "---");
        run.machine().forEach(this::row);
        double highest =
                run.samples().all().stream()
                        .mapToDouble(sample -> sample.noise().load())
                        .max()
                        .orElse(0);
        long loud = run.samples().all().stream().filter(sample -> sample.noise().isLoud()).count();
        row("highest load average", Summary.number(highest, 1));
        row("loud samples", loud + " of " + run.samples().all().size());
        line("");
        line(
                "Each number is the median of the repetitions, with the range in brackets. Ratios"
                        + " are medians of the ratios within each repetition. A sample is *loud* if"
                        + " anything else took more than 0.15 of a core meanwhile, or the"
                        + " hypervisor 0.05.");
    }

    private void floors() {
        line("");
        line("## Floors");
        line("");
        row("work", "against", "floor", "reached", "");
        row("---", "---", "---", "---", "---");
        Floor.ALL.forEach(this::floor);
    }

    private void floor(Floor floor) {
        List<String> reached = new ArrayList<>();
        boolean met = true;
        for (String test : floor.tests()) {
            Optional<Summary> found = floor.reached(run.samples(), test);
            if (found.isPresent()) {
                met &= floor.isMetBy(found.get());
                String text = found.get().text(floor.bound() > 100 ? 0 : 2);
                reached.add(floor.tests().size() == 1 ? text : test + ": " + text);
            }
        }
        row(
                floor.work(),
                String.join(", ", floor.peers()),
                (floor.atMost() ? "≤ " : "≥ ") + Summary.number(floor.bound(), 2),
                reached.isEmpty() ? "not measured" : String.join("<br>", reached),
                reached.isEmpty() ? "" : met ? "met" : "**not met**");
    }

    private void network(int roundTripMillis) {
        for (Scenario scenario : run.scenarios()) {
            Samples samples = run.samples().of(roundTripMillis, scenario.name());
            if (!samples.isEmpty()) {
                line("");
                line(
                        "## "
                                + scenario.name()
                                + (roundTripMillis == 0
                                        ? ""
                                        : ", "
                                                + roundTripMillis
                                                + " ms round trip between the two"));
                line("");
                line(sentence(scenario.description()));
                line("");
                table(scenario, samples);
            }
        }
    }

    private void table(Scenario scenario, Samples samples) {
        List<String> heading = new ArrayList<>(List.of("target"));
        scenario.metrics().forEach(metric -> heading.add(metric.unit()));
        heading.addAll(List.of("/ nginx", "/ haproxy", "loud"));
        row(heading.toArray(String[]::new));
        row(Stream.generate(() -> "---").limit(heading.size()).toArray(String[]::new));
        Metric leading = scenario.metrics().getFirst();
        for (Target target : run.targets()) {
            String name = target.name();
            if (samples.summary(name, leading).isPresent()) {
                List<String> cells = new ArrayList<>(List.of(name));
                for (Metric metric : scenario.metrics()) {
                    cells.add(
                            samples.summary(name, metric)
                                    .map(summary -> summary.text(metric.decimals()))
                                    .orElse(""));
                }
                cells.add(ratio(samples, name, leading, "nginx"));
                cells.add(ratio(samples, name, leading, "haproxy"));
                cells.add(Long.toString(samples.loud(name)));
                row(cells.toArray(String[]::new));
            }
        }
    }

    /** To the peer that does the same: with TLS between its two, or without. */
    private static String ratio(Samples samples, String target, Metric metric, String peer) {
        boolean secure = target.endsWith("-tls") || target.equals("ssh") || target.equals("frp");
        return samples.ratio(target, metric, List.of(secure ? peer + "-tls" : peer), Math::max)
                .map(ratio -> Summary.number(ratio.median(), 2))
                .orElse("");
    }

    private void targets() {
        line("");
        line("## Targets");
        line("");
        for (Target target : run.targets()) {
            line("- `" + target.name() + "`: " + target.description());
        }
    }

    private void failures() {
        if (!run.failures().isEmpty()) {
            line("");
            line("## Not measured");
            line("");
            run.failures().forEach(failure -> line("- " + failure));
        }
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1) + ".";
    }

    private void row(String... cells) {
        line(Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |")));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
