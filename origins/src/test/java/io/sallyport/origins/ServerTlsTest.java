package io.sallyport.origins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ServerTlsTest {
    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void a_client_that_trusts_the_certificate_is_served(String keyAlgorithm) throws Exception {
        TestIdentity identity = TestIdentity.in(directory, keyAlgorithm);
        Path folder = Files.createDirectory(directory.resolve("shared"));
        try (var origin =
                        HttpOrigin.startTls(
                                TestFiles.ANY_LOOPBACK_PORT, folder, identity.server());
                var client = identity.httpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create("https:/" + origin.address() + "/")).build();
            assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_file_without_a_key_is_named_with_what_it_lacks() throws Exception {
        TestIdentity identity = TestIdentity.in(directory, "EC");
        assertThatThrownBy(() -> ServerTls.of(identity.certificate(), identity.certificate()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server.crt")
                .hasMessageContaining("BEGIN PRIVATE KEY");
    }

    @Test
    void a_file_without_a_certificate_is_named_with_what_it_lacks() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.crt"));
        TestIdentity identity = TestIdentity.in(directory, "EC");
        assertThatThrownBy(() -> ServerTls.of(empty, identity.key()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("empty.crt")
                .hasMessageContaining("certificate");
    }

    @Test
    void a_key_of_another_kind_is_named() throws Exception {
        TestIdentity rsa = TestIdentity.in(Files.createDirectory(directory.resolve("rsa")), "RSA");
        TestIdentity ec = TestIdentity.in(Files.createDirectory(directory.resolve("ec")), "EC");
        assertThatThrownBy(() -> ServerTls.of(rsa.certificate(), ec.key()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server.key")
                .hasMessageContaining("RSA");
    }
}
