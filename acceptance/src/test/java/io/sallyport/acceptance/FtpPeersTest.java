package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.ftp.FtpMaterial;
import io.sallyport.acceptance.ftp.FtpMatrix;
import io.sallyport.acceptance.ftp.FtpMode;
import io.sallyport.acceptance.ftp.FtpRow;
import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerSettings;
import io.sallyport.acceptance.ftp.FtpTarget;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.product.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The clients of the FTP matrix against its servers with no product between them: what fails here
 * is not the product's fault.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Tag("load")
@Timeout(300)
class FtpPeersTest {
    private static FtpMatrix matrix;
    private static ServerIdentity identity;
    private static Path servers;

    @BeforeAll
    static void prepare(@TempDir Path directory, @TempDir Path local) {
        servers = FtpServerSettings.reachable(directory);
        identity = ServerIdentity.make(directory, "origin");
        matrix = new FtpMatrix(new FtpMaterial(directory), local);
    }

    @AfterAll
    static void show() {
        System.out.println(
                matrix.writeTable(Repository.acceptance().resolve("target/ftp-peers.txt")));
    }

    @ParameterizedTest
    @EnumSource(names = {"DIRECT_PLAIN", "DIRECT_EXPLICIT", "DIRECT_IMPLICIT"})
    void every_client_does_everything_with_every_server(FtpMode mode) {
        Map<List<Object>, FtpServer> running = new ConcurrentHashMap<>();
        try {
            List<String> failures =
                    matrix.run(
                            FtpRow.of(mode),
                            row -> {
                                FtpServer server =
                                        running.computeIfAbsent(
                                                List.of(row.origin(), row.family()),
                                                _ -> start(row));
                                return new FtpMatrix.Place(server, target(server, mode));
                            });
            assertThat(failures).isEmpty();
        } finally {
            running.values().forEach(FtpServer::close);
        }
    }

    private static FtpServer start(FtpRow row) {
        return row.origin()
                .start(
                        FtpServerSettings.of(
                                servers,
                                row.family().loopback(),
                                row.mode().clientTls(),
                                identity));
    }

    private static FtpTarget target(FtpServer server, FtpMode mode) {
        return new FtpTarget(
                server.address(),
                server.user(),
                server.password(),
                mode.clientTls(),
                identity.certificate());
    }
}
