package io.sallyport.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.CopyException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What is the same in all protocols. */
@ParameterizedClass
@ValueSource(strings = {"sftp", "scp", "ftp", "ftps", "ftps+implicit", "http", "https"})
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class CopyTest {
    private static final byte[] CONTENT = new byte[3_000_001];
    private static final Instant TIME = Instant.parse("2024-05-06T07:08:09Z");

    private final String scheme;
    private Scene scene;

    @TempDir private Path folder;

    CopyTest(String scheme) {
        this.scheme = scheme;
    }

    @BeforeEach
    void start() throws Exception {
        new Random(7).nextBytes(CONTENT);
        scene = new Scene(scheme, folder);
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_file_is_downloaded_with_its_time() throws Exception {
        Files.write(scene.there("file.bin"), CONTENT);
        Files.setLastModifiedTime(scene.there("file.bin"), FileTime.from(TIME));

        assertThat(scene.copy(scene.url("file.bin"), scene.here(""))).as(scene::told).isZero();

        assertThat(scene.here("file.bin")).hasBinaryContent(CONTENT);
        assertThat(names(scene.here(""))).containsExactly("file.bin");
        assertThat(Files.getLastModifiedTime(scene.here("file.bin")).toInstant()).isEqualTo(TIME);
        assertThat(scene.told()).containsPattern("2\\.9 MiB in 0:0\\d, .* equal\\n");
    }

    @Test
    void a_file_is_uploaded_and_replaces_what_was_there() throws Exception {
        Files.write(scene.here("mine"), CONTENT);
        Files.writeString(scene.there("theirs.bin"), "older");

        assertThat(scene.copy(scene.here("mine").toString(), scene.url("theirs.bin"))).isZero();

        assertThat(scene.there("theirs.bin")).hasBinaryContent(CONTENT);
        assertThat(names(scene.there(""))).containsExactly("theirs.bin");
    }

    @Test
    void an_empty_file_and_odd_names_are_copied_both_ways() throws Exception {
        // The SCP of the server here does not know what a shell makes of an apostrophe.
        String apostrophe = scheme.equals("scp") ? "" : "'";
        String odd = "a b%20" + apostrophe + "c#ü.txt";
        Files.createFile(scene.here(odd));

        assertThat(scene.copy(scene.here(odd).toString(), scene.url(""))).isZero();
        assertThat(names(scene.there(""))).containsExactly(odd);

        String encoded = "a%20b%2520" + apostrophe.replace("'", "%27") + "c%23%C3%BC.txt";
        assertThat(scene.copy(scene.url(encoded), scene.here("back"))).isZero();
        assertThat(scene.here("back")).isEmptyFile();
    }

    @Test
    void a_download_that_was_cut_is_resumed() throws Exception {
        Files.write(scene.there("file"), CONTENT);
        Files.setLastModifiedTime(scene.there("file"), FileTime.from(TIME));
        Path part = scene.here(Temporary.nameFor("file", CONTENT.length, TIME));
        Files.write(part, Arrays.copyOf(CONTENT, 2_000_000));

        assertThat(scene.resuming().copy(scene.url("file"), scene.here("file"))).isZero();

        assertThat(scene.here("file")).hasBinaryContent(CONTENT);
        assertThat(part).doesNotExist();
        if (!scheme.equals("scp")) {
            assertThat(scene.told()).contains("goes on from 1.9 MiB");
        }
    }

    @Test
    void an_upload_that_was_cut_is_resumed() throws Exception {
        Files.write(scene.here("file"), CONTENT);
        Files.setLastModifiedTime(scene.here("file"), FileTime.from(TIME));
        Path part = scene.there(Temporary.nameFor("file", CONTENT.length, TIME));
        if (!scheme.startsWith("http")) {
            Files.write(part, Arrays.copyOf(CONTENT, 2_000_000));
        }

        assertThat(scene.resuming().copy(scene.here("file").toString(), scene.url("file")))
                .isZero();

        assertThat(scene.there("file")).hasBinaryContent(CONTENT);
        assertThat(part).doesNotExist();
        if (scheme.matches("s?ftps?.*")) {
            assertThat(scene.told()).contains("goes on from 1.9 MiB");
        }
    }

    @Test
    void a_file_that_is_not_there_is_told_and_nothing_is_written() throws Exception {
        assertThat(scene.copy(scene.url("missing"), scene.here("file"))).isEqualTo(1);

        assertThat(scene.told()).contains("missing does not exist");
        assertThat(names(scene.here(""))).isEmpty();
    }

    @Test
    void the_second_of_two_files_is_copied_although_the_first_fails() throws Exception {
        Files.write(scene.there("second"), CONTENT);

        int exit =
                scene.copy(
                        List.of(scene.url("first"), scene.url("second")),
                        scene.here("").toString());

        assertThat(exit).isEqualTo(1);
        assertThat(scene.here("second")).hasBinaryContent(CONTENT);
    }

    @Test
    void folders_and_wildcards_are_copied_where_the_protocol_has_them() throws Exception {
        Files.createDirectories(scene.there("tree/deep"));
        Files.writeString(scene.there("tree/one.txt"), "1");
        Files.writeString(scene.there("tree/two.bin"), "2");
        Files.writeString(scene.there("tree/deep/three.txt"), "3");
        if (scheme.startsWith("http")) {
            return;
        }

        assertThat(scene.copy(scene.url("tree/*.txt"), scene.here(""))).isZero();
        assertThat(names(scene.here(""))).containsExactly("one.txt");

        assertThat(scene.recursive().copy(scene.url("tree"), scene.here(""))).isZero();
        assertThat(scene.here("tree/deep/three.txt")).hasContent("3");

        assertThat(scene.copy(scene.here("tree").toString(), scene.url("again"))).isZero();
        assertThat(scene.there("again/deep/three.txt")).hasContent("3");
        assertThat(names(scene.there("again"))).containsExactly("deep", "one.txt", "two.bin");
    }

    @Test
    void a_server_that_is_not_there_is_told_apart() throws Exception {
        int port = scene.port();
        scene.close();

        assertThatExceptionOfType(CopyException.class)
                .isThrownBy(() -> scene.copy(scene.urlAt(port, "file"), scene.here("")))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE))
                .withMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void a_wrong_password_is_told_apart() {
        if (scheme.startsWith("http")) {
            return;
        }

        assertThatExceptionOfType(CopyException.class)
                .isThrownBy(() -> scene.password("wrong").copy(scene.url("f"), scene.here("")))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.LOGIN_REFUSED));
    }
}
