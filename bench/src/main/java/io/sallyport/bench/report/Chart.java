package io.sallyport.bench.report;

import io.sallyport.bench.scenario.Metric;
import io.sallyport.bench.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The few numbers that matter most, as bars with their ranges, in SVG. */
public final class Chart {
    private static final int WIDTH = 760;
    private static final int LABEL = 110;
    private static final int BAR = 430;
    private static final int ROW = 20;
    private static final int GAP = 34;

    private static final List<Panel> PANELS =
            List.of(
                    new Panel("bulk-8-up", Metric.CPU_PER_GIB, "8 streams up: CPU-seconds per GiB"),
                    new Panel("bulk-1-up", Metric.GBIT_PER_SECOND, "1 stream up: Gbit/s"),
                    new Panel("sessions-8", Metric.PER_SECOND, "new sessions per second"),
                    new Panel("sessions-8", Metric.HALF_P99, "p99 at half load, ms"),
                    new Panel("memory-10000", Metric.KIB_EACH, "KiB per idle session"));

    private record Panel(String test, Metric metric, String title) {}

    private record Bar(String name, Summary summary) {}

    private final StringBuilder shapes = new StringBuilder();
    private int y = GAP;

    private Chart() {}

    public static String of(Run run) {
        var chart = new Chart();
        PANELS.forEach(panel -> chart.draw(panel, bars(run, panel)));
        return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
        <rect width="100%%" height="100%%" fill="white"/>
        %s</svg>
        """
                .formatted(WIDTH, chart.y, chart.shapes);
    }

    private static List<Bar> bars(Run run, Panel panel) {
        Samples samples = run.samples().of(0, panel.test);
        List<Bar> bars = new ArrayList<>();
        for (Target target : run.targets()) {
            Optional<Summary> summary = samples.summary(target.name(), panel.metric);
            if (summary.isPresent() && !target.name().equals("direct")) {
                bars.add(new Bar(target.name(), summary.get()));
            }
        }
        return bars;
    }

    private void draw(Panel panel, List<Bar> bars) {
        if (bars.isEmpty()) {
            return;
        }
        double most = bars.stream().mapToDouble(bar -> bar.summary.most()).max().orElseThrow();
        double scale = most > 0 ? BAR / most : 0;
        shapes.append(
                "<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n"
                        .formatted(LABEL, y, panel.title));
        for (Bar bar : bars) {
            draw(bar, scale, panel.metric.decimals());
        }
        y += GAP + 10;
    }

    private void draw(Bar bar, double scale, int decimals) {
        y += ROW;
        Summary summary = bar.summary;
        shapes.append(
                String.format(
                        Locale.ROOT,
                        """
                        <text x="%d" y="%d" text-anchor="end">%s</text>
                        <rect x="%d" y="%d" width="%.1f" height="13" fill="%s"/>
                        <line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="black"/>
                        <text x="%.1f" y="%d">%s</text>
                        """,
                        LABEL - 8,
                        y,
                        bar.name,
                        LABEL,
                        y - 11,
                        summary.median() * scale,
                        bar.name.startsWith("sallyport") ? "#1f6f8b" : "#b8b8b8",
                        LABEL + summary.least() * scale,
                        LABEL + summary.most() * scale,
                        y - 5,
                        y - 5,
                        LABEL + summary.most() * scale + 6,
                        y,
                        summary.text(decimals)));
    }
}
