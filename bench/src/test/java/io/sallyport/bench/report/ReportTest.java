package io.sallyport.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.bench.scenario.Metric;
import io.sallyport.bench.scenario.Scenario;
import io.sallyport.bench.target.Identity;
import io.sallyport.bench.target.Target;
import io.sallyport.bench.target.Targets;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ReportTest {
    private static final List<Target> TARGETS =
            Targets.all(Path.of("."), new Identity(Path.of("identity")));

    private static final Run RUN =
            new Run(
                    Instant.parse("2026-01-02T03:04:05Z"),
                    "bench/run --quick",
                    Map.of("cores", "2"),
                    TARGETS,
                    Scenario.all(List.of(10_000)),
                    List.of(0),
                    new Samples(
                            List.of(
                                    Sampled.of(
                                            "sessions-8",
                                            "sallyport-tls",
                                            1,
                                            Metric.PER_SECOND,
                                            3000),
                                    Sampled.of(
                                            "sessions-8",
                                            "sallyport-tls",
                                            2,
                                            Metric.PER_SECOND,
                                            4000),
                                    Sampled.of(
                                            "sessions-8", "nginx-tls", 1, Metric.PER_SECOND, 1500),
                                    Sampled.of(
                                            "sessions-8",
                                            "nginx-tls",
                                            2,
                                            Metric.PER_SECOND,
                                            1600))),
                    List.of("frp: not here"));

    @Test
    void the_page_tells_medians_ranges_ratios_and_floors() {
        assertThat(Markdown.of(RUN))
                .contains(
                        "Measured on 2026-01-02T03:04",
                        "`bench/run --quick`",
                        "| cores | 2 |",
                        "| sallyport-tls | 3,500 (3,000–4,000) |",
                        "| new sessions per second, TLS | nginx-tls | ≥ 2.00 | 2.25 (2.00–2.50) |"
                                + " met |",
                        "| start of a gateway, TLS ready, ms |  | ≤ 500.00 | not measured |  |",
                        "- frp: not here");
    }

    @Test
    void tests_that_were_not_run_have_no_section() {
        assertThat(Markdown.of(RUN)).contains("## sessions-8").doesNotContain("## bulk-1-up");
    }

    @Test
    void the_chart_is_well_formed_and_shows_each_target_that_was_measured() throws Exception {
        String svg = Chart.of(RUN);

        var document =
                DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(svg)));

        assertThat(document.getElementsByTagName("line").getLength()).isEqualTo(2);
        assertThat(svg).contains(">sallyport-tls<", ">nginx-tls<", "new sessions per second");
    }

    @Test
    void the_json_has_every_sample() {
        assertThat(Json.of(RUN))
                .contains(
                        "{\"test\":\"sessions-8\",\"target\":\"sallyport-tls\",\"round-trip-ms\":0,"
                                + "\"repetition\":1,\"per-second\":3000.0",
                        "\"failures\":[\"frp: not here\"]");
    }
}
