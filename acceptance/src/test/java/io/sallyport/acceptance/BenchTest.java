package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bench still measures; what it measures is nobody's business here. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class BenchTest {
    @TempDir private Path directory;

    @Test
    void the_bench_measures_the_product_and_writes_its_report() throws IOException {
        CommandResult run =
                Commands.run(
                        Repository.root(),
                        List.of(
                                "env",
                                "BENCH_WITHOUT_PEERS=yes",
                                "bench/run",
                                "--targets=sallyport-tls",
                                "--tests=bulk-1-up,sessions-8,memory",
                                "--sessions=20",
                                "--repetitions=1",
                                "--seconds=0.1",
                                "--round-trips=0,2",
                                "--to=" + directory));

        assertThat(run.exitCode()).as(run::text).isZero();
        assertThat(Files.readString(directory.resolve("report.md")))
                .contains("## bulk-1-up", "## sessions-8, 2 ms round trip", "## memory-20")
                .doesNotContain("## Not measured");
        assertThat(directory.resolve("report.json")).isNotEmptyFile();
        assertThat(directory.resolve("report.svg")).isNotEmptyFile();
    }
}
