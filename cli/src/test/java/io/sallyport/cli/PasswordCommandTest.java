package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.process.password.PasswordHash;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PasswordCommandTest {
    private final InputStream input = System.in;

    @AfterEach
    void giveInputBack() {
        System.setIn(input);
    }

    @Test
    void a_line_of_the_input_becomes_what_the_configuration_holds() {
        System.setIn(new ByteArrayInputStream("s3cret\nmore\n".getBytes(UTF_8)));

        Run run = Run.sallyport("password");

        assertThat(run.exitCode()).isZero();
        assertThat(PasswordHash.parse(run.out().strip()).matches("s3cret".toCharArray())).isTrue();
        assertThat(run.out() + run.err()).doesNotContain("s3cret");
    }
}
