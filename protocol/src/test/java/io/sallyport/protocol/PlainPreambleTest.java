package io.sallyport.protocol;

import static io.sallyport.protocol.Samples.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PlainPreambleTest {
    private static final int TLS_HANDSHAKE = 0x16;

    @Test
    void a_preamble_looks_like_this_on_the_wire() {
        ByteBuf out = Unpooled.buffer();
        PlainPreamble.encode(out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(Samples.PREAMBLE.replace(" ", ""));
        assertThat(out.readableBytes()).isEqualTo(PlainPreamble.BYTES);
        assertThat(out.getUnsignedByte(0)).isEqualTo((short) PlainPreamble.FIRST_BYTE);
    }

    @Test
    void its_first_byte_is_neither_that_of_tls_nor_of_any_text() {
        assertThat(PlainPreamble.FIRST_BYTE).isNotEqualTo(TLS_HANDSHAKE).isGreaterThan(0xf4);
    }

    @Test
    void what_follows_it_is_left() throws ProtocolException {
        ByteBuf in = bytes(Samples.PREAMBLE + "2a");
        PlainPreamble.decode(in);
        assertThat(in.readableBytes()).isEqualTo(1);
        assertThat(in.refCnt()).isEqualTo(1);
    }

    @Test
    void it_is_refused_if_it_is_cut_anywhere() {
        for (int length = 0; length < PlainPreamble.BYTES; length++) {
            assertRefused(bytes(Samples.PREAMBLE).slice(0, length), "cut short");
        }
    }

    @Test
    void anything_else_is_refused() {
        assertRefused(
                bytes(Samples.PREAMBLE.replace("50 01", "51 01")),
                "not the preamble of a plain data channel");
        assertRefused(
                bytes(Samples.PREAMBLE.replace("50 01", "50 02")),
                "unknown version of plain data channels 2");
    }

    private static void assertRefused(ByteBuf in, String why) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> PlainPreamble.decode(in))
                .withMessage(why);
    }
}
