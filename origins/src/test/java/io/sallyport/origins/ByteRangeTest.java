package io.sallyport.origins;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.origins.ByteRange.Part;
import io.sallyport.origins.ByteRange.Unsatisfiable;
import io.sallyport.origins.ByteRange.Whole;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ByteRangeTest {

    @Test
    void a_range_has_both_its_ends() {
        assertThat(ByteRange.of("bytes=0-0", 10)).isEqualTo(new Part(0, 0));
        assertThat(ByteRange.of("bytes=3-5", 10)).isEqualTo(new Part(3, 5));
        assertThat(new Part(3, 5).length()).isEqualTo(3);
    }

    @Test
    void an_open_range_or_one_that_goes_too_far_ends_with_the_file() {
        assertThat(ByteRange.of("bytes=3-", 10)).isEqualTo(new Part(3, 9));
        assertThat(ByteRange.of("bytes=3-99", 10)).isEqualTo(new Part(3, 9));
        assertThat(ByteRange.of("bytes=3-99999999999999999999999", 10)).isEqualTo(new Part(3, 9));
    }

    @Test
    void a_range_without_a_beginning_counts_from_the_end() {
        assertThat(ByteRange.of("bytes=-4", 10)).isEqualTo(new Part(6, 9));
        assertThat(ByteRange.of("bytes=-40", 10)).isEqualTo(new Part(0, 9));
        assertThat(ByteRange.of("bytes=-4", 0)).isEqualTo(new Whole());
    }

    @Test
    void what_lies_behind_the_end_cannot_be_had() {
        assertThat(ByteRange.of("bytes=10-", 10)).isEqualTo(new Unsatisfiable());
        assertThat(ByteRange.of("bytes=0-", 0)).isEqualTo(new Unsatisfiable());
        assertThat(ByteRange.of("bytes=-0", 10)).isEqualTo(new Unsatisfiable());
        assertThat(ByteRange.of("bytes=99999999999999999999999-", 10))
                .isEqualTo(new Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5-3",
                "bytes=0-1,3-4",
                "bytes=a-b",
                "lines=1-2"
            })
    void whatever_else_is_asked_gives_the_whole_file(String header) {
        assertThat(ByteRange.of(header, 10)).isEqualTo(new Whole());
    }

    @Test
    void no_header_gives_the_whole_file() {
        assertThat(ByteRange.of(null, 10)).isEqualTo(new Whole());
    }
}
