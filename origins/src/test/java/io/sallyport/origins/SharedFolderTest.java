package io.sallyport.origins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SharedFolderTest {
    @TempDir Path outside;
    private Path root;
    private SharedFolder folder;

    @BeforeEach
    void a_folder_beside_a_secret() throws IOException {
        root = Files.createDirectory(outside.resolve("shared")).toRealPath();
        Files.createDirectory(root.resolve("sub"));
        Files.writeString(outside.resolve("secret"), "secret");
        folder = SharedFolder.of(root);
    }

    @Test
    void names_are_taken_from_the_folder_whether_or_not_they_begin_with_a_slash() {
        assertThat(folder.resolve("/sub/file")).contains(root.resolve("sub/file"));
        assertThat(folder.resolve("sub/file")).contains(root.resolve("sub/file"));
        assertThat(folder.resolve("/")).contains(root);
        assertThat(folder.resolve("")).contains(root);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "/..",
                "../secret",
                "/../secret",
                "sub/../../secret",
                "//../secret",
                "../shared-too",
                "a\0b"
            })
    void a_name_that_leaves_the_folder_is_nothing(String name) {
        assertThat(folder.resolve(name)).isEmpty();
    }

    @Test
    void a_link_is_followed_as_long_as_it_stays_inside() throws IOException {
        Files.createSymbolicLink(root.resolve("inside"), Path.of("sub"));
        assertThat(folder.resolve("inside/file")).contains(root.resolve("inside/file"));
    }

    @Test
    void a_link_that_leads_out_is_nothing() throws IOException {
        Files.createSymbolicLink(root.resolve("absolute"), outside);
        Files.createSymbolicLink(root.resolve("relative"), Path.of("../secret"));
        assertThat(folder.resolve("absolute")).isEmpty();
        assertThat(folder.resolve("absolute/secret")).isEmpty();
        assertThat(folder.resolve("absolute/not/there")).isEmpty();
        assertThat(folder.resolve("relative")).isEmpty();
    }

    @Test
    void a_link_to_nothing_is_nothing_as_writing_to_it_would_create_its_target()
            throws IOException {
        Files.createSymbolicLink(root.resolve("dangling"), outside.resolve("new"));
        assertThat(folder.resolve("dangling")).isEmpty();
    }

    @Test
    void a_name_longer_than_any_path_is_nothing() {
        assertThat(folder.resolve("a/".repeat(100_000))).isEmpty();
    }

    @Test
    void a_folder_that_is_not_there_is_refused_with_advice() {
        assertThatThrownBy(() -> SharedFolder.of(outside.resolve("missing")))
                .isInstanceOf(NotDirectoryException.class)
                .hasMessageContaining("missing")
                .hasMessageContaining("create it first");
    }
}
