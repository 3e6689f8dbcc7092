package io.sallyport.protocol;

import static io.sallyport.protocol.Samples.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.Reset;
import io.sallyport.protocol.Samples.FrameSample;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DataFrameCodecTest {
    @Test
    void no_frame_was_left_out_of_the_samples() {
        assertThat(Samples.FRAMES)
                .<Class<?>>map(sample -> sample.frame().getClass())
                .containsExactlyInAnyOrderElementsOf(Samples.recordsOf(DataFrame.class));
    }

    @ParameterizedTest
    @FieldSource("io.sallyport.protocol.Samples#FRAMES")
    void every_frame_looks_like_this_on_the_wire(FrameSample sample) {
        assertThat(hex(sample.frame())).isEqualTo(sample.hex().replace(" ", ""));
    }

    @Test
    void a_header_of_data_says_how_many_bytes_follow() {
        ByteBuf out = Unpooled.buffer();
        DataFrameCodec.dataHeader(out, 1);
        DataFrameCodec.dataHeader(out, 1_048_576);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("0400000104100000");
        assertThat(out.readableBytes()).isEqualTo(2 * DataFrameCodec.HEADER_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1_048_577})
    void data_of_no_byte_or_too_many_is_not_written(int length) {
        ByteBuf out = Unpooled.buffer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataFrameCodec.dataHeader(out, length))
                .withMessage("a DATA frame of %d bytes", length);
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void the_bytes_of_data_are_not_copied_by_accident() {
        ByteBuf out = Unpooled.buffer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataFrameCodec.encode(new Data(Unpooled.EMPTY_BUFFER), out));
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void a_long_reason_of_a_reset_is_cut_and_a_long_name_is_refused() {
        assertThat(hex(new Reset(EndReason.INTERNAL, "x".repeat(10_000))))
                .isEqualTo("06000183" + "0e" + "0180" + "78".repeat(384));
        var opening =
                new SessionOpening(
                        new SessionId(1),
                        "x".repeat(101),
                        Samples.endpoint("192.0.2.1", 1),
                        Samples.endpoint("192.0.2.1", 2));
        ByteBuf out = Unpooled.buffer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataFrameCodec.encode(new Open(opening, Samples.NEXT), out))
                .withMessageStartingWith("a name takes 1 to 100 bytes");
        assertThat(out.isReadable()).isFalse();
    }

    @Test
    void the_longest_frame_but_data_is_within_its_bound() {
        var longest =
                new SessionOpening(
                        new SessionId(1),
                        "x".repeat(Protocol.NAME_BYTES_MAX),
                        Samples.endpoint("2001:db8::1", 1),
                        Samples.endpoint("2001:db8::2", 2),
                        new RequestId(new SessionId(2), 3));
        String reset = hex(new Reset(EndReason.INTERNAL, "x".repeat(Protocol.WHY_BYTES_MAX)));
        assertThat(hex(new Open(longest, Samples.NEXT)).length() / 2 - DataFrameCodec.HEADER_BYTES)
                .isLessThanOrEqualTo(Protocol.SIGNAL_BYTES_MAX);
        assertThat(reset.length() / 2 - DataFrameCodec.HEADER_BYTES)
                .isLessThanOrEqualTo(Protocol.SIGNAL_BYTES_MAX);
    }

    @Test
    void a_frame_shows_no_ticket() {
        assertThat(new DataFrame.Ready(Samples.TICKET)).hasToString("Ready[ticket=Ticket[hidden]]");
    }
}
