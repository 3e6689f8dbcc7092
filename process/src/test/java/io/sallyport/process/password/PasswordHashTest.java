package io.sallyport.process.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PasswordHashTest {
    @Test
    void what_was_written_is_read_and_knows_its_password_and_no_other() {
        PasswordHash read = PasswordHash.parse(PasswordHash.of("s3cret".toCharArray()).toString());

        assertThat(read.matches("s3cret".toCharArray())).isTrue();
        assertThat(read.matches("s3cret ".toCharArray())).isFalse();
        assertThat(read.matches(new char[0])).isFalse();
    }

    @Test
    void the_same_password_never_looks_the_same() {
        assertThat(PasswordHash.of("s3cret".toCharArray()))
                .isNotEqualTo(PasswordHash.of("s3cret".toCharArray()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret",
                "pbkdf2-sha256$600000$c2FsdA$aGFzaA",
                "pbkdf2-sha256$1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "pbkdf2-sha256$99999999$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void what_is_none_is_refused_without_being_repeated(String written) {
        assertThatThrownBy(() -> PasswordHash.parse(written))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(written);
    }
}
