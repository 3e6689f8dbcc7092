package io.sallyport.bench.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpenSshTest {
    @TempDir Path peers;
    @TempDir Path workplace;
    private Path libraries;

    @BeforeEach
    void unpack() throws IOException {
        libraries = Files.createDirectories(peers.resolve("usr/lib/x86_64-linux-gnu"));
    }

    @Test
    void what_was_unpacked_finds_the_libraries_that_were_unpacked_with_it() throws IOException {
        program("usr/bin/ssh-keygen", "exit 0");
        program("usr/sbin/sshd", "exit 1");

        assertThatThrownBy(
                        () -> new OpenSsh(new Programs(peers)).start(workplace, 1, Duration.ZERO))
                .hasMessageContaining("sshd did not start");

        assertThat(workplace.resolve("ssh-keygen.log")).hasContent(libraries + "\n" + libraries);
        assertThat(workplace.resolve("sshd.log")).hasContent(libraries.toString());
    }

    /** Says where it looks for libraries, and ends so. */
    private void program(String path, String end) throws IOException {
        Path file = peers.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\necho \"$LD_LIBRARY_PATH\"\n" + end + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
