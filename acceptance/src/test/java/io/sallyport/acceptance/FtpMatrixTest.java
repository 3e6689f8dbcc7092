package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ftp.FtpFleet;
import io.sallyport.acceptance.ftp.FtpMaterial;
import io.sallyport.acceptance.ftp.FtpMatrix;
import io.sallyport.acceptance.ftp.FtpMode;
import io.sallyport.acceptance.ftp.FtpRow;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.Repository;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real clients and real servers in every mode, by every way to open data connections, over both
 * families: every cell of the table works or says in a sentence why it can't exist. Each client
 * with each server in each mode is always run, the whole with {@code -Dtests.excluded=none}.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(300)
class FtpMatrixTest {
    private static FtpMatrix matrix;
    @AutoClose private static FtpFleet fleet;
    @AutoClose private static Deployment deployment;
    private static Footprint before;

    @BeforeAll
    static void start(@TempDir Path directory, @TempDir Path local, @TempDir Path product) {
        matrix = new FtpMatrix(new FtpMaterial(directory), local);
        fleet = new FtpFleet(directory, List.of(FtpServerKind.values()));
        deployment = new Deployment(product, Encryption.AUTO).services(fleet.services()).start();
        before = deployment.footprint();
    }

    @AfterAll
    static void show() {
        System.out.println(matrix.table());
    }

    /** What was found out is kept, whatever becomes of the rest. */
    @AfterEach
    void keep() {
        matrix.writeTable(Repository.acceptance().resolve("target/ftp-matrix.txt"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "DIRECT.*")
    void every_client_does_everything_with_every_origin_in_every_mode(FtpMode mode) {
        run(FtpRow.oneOfEachKind(mode));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "DIRECT.*")
    @Tag("load")
    @Timeout(900)
    void every_client_does_everything_with_every_origin_in_every_way(FtpMode mode) {
        run(FtpRow.of(mode));
    }

    private static void run(List<FtpRow> rows) {
        List<String> failures =
                matrix.run(
                        rows,
                        row ->
                                new FtpMatrix.Place(
                                        fleet.server(row), fleet.target(row, deployment)));

        assertThat(failures).isEmpty();
        deployment.awaitBackAt(before);
    }
}
