package io.sallyport.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NewFilesTest {
    @TempDir private Path folder;

    @Test
    void if_one_cannot_be_written_those_before_it_are_removed() {
        var files = new NewFiles(folder).add("first", "1").add("no/such/folder", "2");

        assertThatThrownBy(files::write).isInstanceOf(NoSuchFileException.class);

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_link_that_leads_nowhere_is_not_written_through() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
        var files = new NewFiles(folder).add("first", "1").add("link", "2");

        assertThatThrownBy(files::write).isInstanceOf(FileAlreadyExistsException.class);

        assertThat(folder.resolve("first")).doesNotExist();
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }
}
