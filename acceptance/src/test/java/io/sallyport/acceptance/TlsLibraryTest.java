package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Repository;
import io.sallyport.acceptance.product.RunningProcess;
import io.sallyport.acceptance.product.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does TLS between gateway and agent. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TlsLibraryTest {
    /** Nobody connects. */
    private static final int NO_ORIGIN = 1;

    @Test
    void it_is_loaded_from_beside_the_jars_so_that_nothing_is_unpacked_at_a_start(
            @TempDir Path directory) throws IOException {
        try (var deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .services(Service.of("none", NO_ORIGIN))
                        .start()) {
            assertThat(mappedBy(deployment.gateway())).contains(libraryIn("gateway"));
            assertThat(mappedBy(deployment.agent())).contains(libraryIn("cli"));
            assertThat(deployment.gatewayStatus().values()).containsEntry("tls", "boringssl");
            assertThat(deployment.agentStatus().values()).containsEntry("tls", "boringssl");
        }
    }

    @Test
    void without_it_the_jdk_does_tls_and_a_warning_says_so(@TempDir Path directory) {
        try (var deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .services(Service.of("none", NO_ORIGIN))
                        .gatewayUnder("env", "SALLYPORT_JAVA_OPTS=-Djava.library.path=/nowhere")
                        .start()) {
            assertThat(deployment.gatewayStatus().values()).containsEntry("tls", "jdk");
            assertThat(deployment.gateway().log().events(LogEvent::isProblem))
                    .extracting(LogEvent::event)
                    .anyMatch(event -> event.contains("native TLS library can't be loaded"));
        }
    }

    private static String mappedBy(RunningProcess process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/maps"));
    }

    private static String libraryIn(String module) {
        return Repository.root() + "/" + module + "/target/dist/native/libnetty_tcnative";
    }
}
