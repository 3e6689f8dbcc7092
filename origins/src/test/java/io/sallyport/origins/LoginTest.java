package io.sallyport.origins;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LoginTest {
    private final Login login = new Login("demo", "open sesame");

    @Test
    void only_both_words_together_match() {
        assertThat(login.matches("demo", "open sesame")).isTrue();
        assertThat(login.matches("demo", "open")).isFalse();
        assertThat(login.matches("demo", "")).isFalse();
        assertThat(login.matches("", "open sesame")).isFalse();
    }

    @Test
    void the_password_is_not_printed() {
        assertThat(login).asString().contains("demo").doesNotContain("sesame");
    }
}
