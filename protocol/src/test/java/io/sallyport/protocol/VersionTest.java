package io.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Welcome;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class VersionTest {
    @Test
    void both_sides_speak_the_lower_minor_version() {
        assertThat(Protocol.commonMinor(0, 7)).isEqualTo(0);
        assertThat(Protocol.commonMinor(7, 0)).isEqualTo(0);
        assertThat(Protocol.commonMinor(3, 3)).isEqualTo(3);
    }

    @Test
    void a_newer_agent_is_understood_and_answered_with_our_version() throws ProtocolException {
        String ofNewerAgent = "01 0007 0009 6167656e7420392e39 fedcba9876543210";
        Hello hello = (Hello) ControlCodec.decodeFromAgent(Samples.bytes(ofNewerAgent));
        assertThat(hello.minor()).isEqualTo(7);

        int minor = Protocol.commonMinor(Protocol.MINOR, hello.minor());
        assertThat(Samples.hex(new Welcome(minor, "dmz-1", "x", Samples.KEY)))
                .isEqualTo("02" + "0000" + "0005646d7a2d31" + "000178" + Samples.KEY_HEX);
    }

    @Test
    void the_number_in_the_alpn_names_and_in_the_preamble_is_the_major_version() {
        assertThat(Protocol.ALPN_CONTROL).isEqualTo("sallyport-control/1");
        assertThat(Protocol.ALPN_DATA).isEqualTo("sallyport-data/1");
        assertThat(Samples.bytes(Samples.PREAMBLE).getByte(4)).isEqualTo((byte) 1);
    }
}
