package io.sallyport.agent.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sallyport.agent.forward.HttpRequest.Framing;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OneRequestBodyTest {
    private static String passed(EmbeddedChannel channel) {
        var passed = new StringBuilder();
        for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
            passed.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }
        return passed.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "NONE, 0, '', true",
        "NONE, 0, GET, false",
        "LENGTH, 3, abc, true",
        "LENGTH, 3, abc|, true",
        "LENGTH, 3, abcGET, false",
        "CHUNKED, 0, 3|abc|0||, true",
        "CHUNKED, 0, A;x=y|0123456789|0|T: v||, true",
        "CHUNKED, 0, 3|abc|0||GET, false",
        "CHUNKED, 0, x|, false",
        "CHUNKED, 0, -1|, false",
        "CHUNKED, 0, ffffffffffffffffff|, false"
    })
    void one_body_passes_however_it_is_cut_and_no_second_request(
            Framing framing, long length, String written, boolean whole) {
        String sent = written.replace("|", "\r\n");
        for (int step = 1; step <= Math.max(1, sent.length()); step++) {
            var channel = new EmbeddedChannel(new OneRequestBody(framing, length));
            for (int i = 0; i < sent.length() && channel.isOpen(); i += step) {
                channel.writeInbound(
                        Unpooled.copiedBuffer(
                                sent.substring(i, Math.min(sent.length(), i + step)), ISO_8859_1));
            }
            assertThat(channel.isOpen()).as("cut at every %d", step).isEqualTo(whole);
            if (whole) {
                assertThat(sent.strip()).isEqualTo(passed(channel).strip());
            } else {
                assertThat(passed(channel)).doesNotContain("GET");
            }
            channel.close();
        }
    }
}
