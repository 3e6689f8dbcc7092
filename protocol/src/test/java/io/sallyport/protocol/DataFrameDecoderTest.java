package io.sallyport.protocol;

import static io.sallyport.protocol.Samples.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame.Data;
import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Opened;
import io.sallyport.protocol.Samples.FrameSample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DataFrameDecoderTest {
    private final DataFrameDecoder decoder = new DataFrameDecoder();
    private final Received received = new Received();

    @ParameterizedTest
    @FieldSource("io.sallyport.protocol.Samples#FRAMES")
    void a_frame_is_read_as_it_was_written(FrameSample sample) throws ProtocolException {
        feed(bytes(sample.hex()));
        assertThat(received.frames).containsExactly(withoutBuffer(sample.frame()));
    }

    @ParameterizedTest
    @FieldSource("io.sallyport.protocol.Samples#FRAMES")
    void a_frame_cut_anywhere_waits_for_the_rest(FrameSample sample) throws ProtocolException {
        ByteBuf whole = bytes(sample.hex());
        for (int cut = 0; cut < whole.readableBytes(); cut++) {
            var decoder = new DataFrameDecoder();
            var received = new Received();
            decoder.feed(whole.duplicate().writerIndex(cut), received);
            if (!(sample.frame() instanceof Data)) {
                assertThat(received.frames).isEmpty();
            }
            decoder.feed(whole.duplicate().readerIndex(cut), received);
            assertThat(received.frames).containsExactly(withoutBuffer(sample.frame()));
        }
    }

    @ParameterizedTest
    @FieldSource("io.sallyport.protocol.Samples#FRAMES")
    void a_frame_may_come_byte_by_byte(FrameSample sample) throws ProtocolException {
        ByteBuf whole = bytes(sample.hex());
        while (whole.isReadable()) {
            feed(whole.readSlice(1));
        }
        assertThat(received.frames).containsExactly(withoutBuffer(sample.frame()));
    }

    @Test
    void thousands_of_frames_are_read_however_their_bytes_are_cut() throws ProtocolException {
        var samples = new RandomSamples(4);
        var sent = new Received();
        ByteBuf channel = Unpooled.buffer();
        for (int i = 0; i < 20_000; i++) {
            DataFrame frame = samples.frame();
            Samples.write(frame, channel);
            sent.receive(frame);
        }
        while (channel.isReadable()) {
            feed(channel.readSlice(Math.min(samples.below(700), channel.readableBytes())));
        }
        assertThat(received.frames).isEqualTo(sent.frames);
        assertThat(channel.refCnt()).isEqualTo(1);
    }

    @Test
    void data_is_passed_on_as_it_comes_and_is_not_copied() throws ProtocolException {
        List<ByteBuf> pieces = new ArrayList<>();
        ByteBuf header = Unpooled.buffer();
        DataFrameCodec.dataHeader(header, Protocol.DATA_BYTES_MAX);
        decoder.feed(header, frame -> pieces.add(((Data) frame).bytes()));
        ByteBuf socketRead = Unpooled.buffer().writeZero(65_536);
        for (int i = 1; i <= 16; i++) {
            decoder.feed(socketRead.duplicate(), frame -> pieces.add(((Data) frame).bytes()));
            assertThat(pieces).hasSize(i);
        }
        assertThat(socketRead.refCnt()).as("the socket's and the sixteen slices'").isEqualTo(17);
        socketRead.setByte(77, 42);
        assertThat(pieces)
                .allSatisfy(piece -> {
                    assertThat(piece.readableBytes()).isEqualTo(65_536);
                    assertThat(piece.getByte(77)).isEqualTo((byte) 42);
                    piece.release();
                });
        feed(bytes("05 000000"));
        assertThat(received.frames).containsExactly(new End());
        assertThat(socketRead.refCnt()).isEqualTo(1);
    }

    @Test
    void what_is_fed_stays_its_owners() throws ProtocolException {
        for (FrameSample sample : Samples.FRAMES) {
            ByteBuf in = bytes(sample.hex());
            feed(in);
            assertThat(in.refCnt()).isEqualTo(1);
            assertThat(in.isReadable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"04 000000", "04 100001", "04 ffffff"})
    void data_of_no_byte_or_too_many_is_refused(String header) {
        assertRefused(header, "a DATA frame of");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "02", "03", "05", "06", "07", "77"})
    void any_other_frame_is_refused_before_its_bytes_if_it_is_too_long(String type) {
        assertRefused(type + "000401", "data frame type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"00 000000", "08 000000", "ff 000001 00"})
    void an_unknown_type_is_refused(String frame) {
        assertRefused(frame, "unknown type of data frame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 000000", "01 00000f 00112233445566778899aabbccddee", "06 000000"})
    void a_payload_that_is_too_short_is_refused(String frame) {
        assertRefused(frame, "cut short");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 000011 00112233445566778899aabbccddeeff 00",
                "03 000001 00",
                "05 000001 00",
                "06 000004 00 0000 00"
            })
    void a_payload_that_is_too_long_is_refused(String frame) {
        assertRefused(frame, "1 bytes left over after data frame type");
    }

    @Test
    void nothing_is_read_after_a_frame_that_was_refused() {
        assertRefused("04 000000", "a DATA frame of 0 bytes");
        assertRefused("03 000000", "bytes after a frame that could not be read");
        assertThat(received.frames).isEmpty();
    }

    @Test
    void nothing_is_read_after_the_sink_failed() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        decoder.feed(
                                bytes("03 000000 05 000000"),
                                _ -> {
                                    throw new IllegalStateException("full");
                                }));
        assertRefused("05 000000", "bytes after a frame that could not be read");
    }

    @Test
    void an_empty_read_changes_nothing() {
        assertThatCode(() -> feed(Unpooled.EMPTY_BUFFER)).doesNotThrowAnyException();
        assertThatCode(() -> feed(bytes("03 00"))).doesNotThrowAnyException();
        assertThatCode(() -> feed(Unpooled.EMPTY_BUFFER)).doesNotThrowAnyException();
        assertThatCode(() -> feed(bytes("0000"))).doesNotThrowAnyException();
        assertThat(received.frames).containsExactly(new Opened());
    }

    private void feed(ByteBuf in) throws ProtocolException {
        decoder.feed(in, received);
    }

    private void assertRefused(String hex, String why) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> feed(bytes(hex)))
                .withMessageStartingWith(why);
    }

    private static Object withoutBuffer(DataFrame frame) {
        return frame instanceof Data(var bytes) ? ByteBufUtil.hexDump(bytes) : frame;
    }

    /** Frames in order, and the bytes of neighbouring DATA as one text. */
    private static final class Received implements DataFrameDecoder.Sink {
        final List<Object> frames = new ArrayList<>();
        private @Nullable StringBuilder data;

        @Override
        public void receive(DataFrame frame) {
            if (frame instanceof Data(var bytes)) {
                if (data == null) {
                    data = new StringBuilder();
                    frames.add("");
                }
                data.append(ByteBufUtil.hexDump(bytes));
                frames.set(frames.size() - 1, data.toString());
                bytes.release();
            } else {
                data = null;
                frames.add(frame);
            }
        }
    }
}
