package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.product.Repository;
import io.sallyport.acceptance.product.RunningProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bench still measures; what it measures is nobody's business here. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(320)
class BenchTest {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir private Path directory;

    @Test
    void the_bench_measures_the_product_and_writes_its_report() throws IOException {
        try (RunningProcess bench =
                RunningProcess.start(
                        "bench",
                        Repository.root(),
                        Map.of("BENCH_WITHOUT_PEERS", "yes"),
                        List.of(
                                "bench/run",
                                "--targets=sallyport-tls",
                                "--tests=bulk-1-up,sessions-8,memory",
                                "--sessions=20",
                                "--repetitions=1",
                                // A host that stands still for a third of a second is no failure.
                                "--seconds=0.5",
                                "--round-trips=0,2",
                                "--to=" + directory))) {
            assertThat(bench.awaitExit(PATIENCE)).as(() -> bench.log().toString()).isZero();
        }

        assertThat(Files.readString(directory.resolve("report.md")))
                .contains("## bulk-1-up", "## sessions-8, 2 ms round trip", "## memory-20")
                .doesNotContain("## Not measured");
        assertThat(directory.resolve("report.json")).isNotEmptyFile();
        assertThat(directory.resolve("report.svg")).isNotEmptyFile();
    }
}
