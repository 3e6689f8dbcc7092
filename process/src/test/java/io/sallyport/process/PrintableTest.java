package io.sallyport.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PrintableTest {
    @Test
    void ordinary_text_of_any_language_stays_as_it_is() {
        assertThat(Printable.of("größer 日本 😀 \\ \"")).isEqualTo("größer 日本 😀 \\ \"");
    }

    @Test
    void what_could_forge_a_line_or_move_the_cursor_is_escaped() {
        assertThat(Printable.of("a\nb\r\tc\u001b[2J\u0000\u007f\u0085"))
                .isEqualTo("a\\u000ab\\u000d\\u0009c\\u001b[2J\\u0000\\u007f\\u0085");
    }

    @Test
    void what_looks_like_another_line_or_turns_the_reading_direction_is_escaped() {
        assertThat(Printable.of("a\u2028b\u2029\u202ec\u200b"))
                .isEqualTo("a\\u2028b\\u2029\\u202ec\\u200b");
    }

    @Test
    void half_a_character_is_escaped() {
        assertThat(Printable.of("a" + Character.highSurrogate(0x1f600))).isEqualTo("a\\ud83d");
    }

    @Test
    void text_without_an_end_gets_one() {
        assertThat(Printable.of("x".repeat(16_384))).hasSize(16_384);
        assertThat(Printable.of("x".repeat(16_385))).hasSize(16_385).endsWith("x…");
    }
}
