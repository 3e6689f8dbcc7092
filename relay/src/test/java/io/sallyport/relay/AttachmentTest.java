package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.EndReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AttachmentTest {
    private final List<String> told = new ArrayList<>();
    private final Attachment attachment = new Attachment();

    @Test
    void what_came_early_is_told_in_one_turn() {
        attachment.bytes(bytes("a"));
        attachment.bytes(bytes("b"));
        attachment.attach(new Told());

        assertThat(told).containsExactly("a", "b", "read complete");
    }

    @Test
    void without_anything_early_no_turn_of_reading_ends() {
        attachment.attach(new Told());

        assertThat(told).isEmpty();
    }

    @Test
    void an_end_that_came_early_follows_the_bytes_before_it() {
        attachment.bytes(bytes("a"));
        attachment.end();
        attachment.attach(new Told());

        assertThat(told).containsExactly("a", "read complete", "end");
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private final class Told implements LegHandler {
        @Override
        public void onBytes(ByteBuf bytes) {
            told.add(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void onPassed(long bytes) {
            told.add("passed " + bytes);
        }

        @Override
        public void onReadComplete() {
            told.add("read complete");
        }

        @Override
        public void onWritabilityChanged(boolean writable) {
            told.add("writable " + writable);
        }

        @Override
        public void onEnd() {
            told.add("end");
        }

        @Override
        public void onEndSent() {
            told.add("end sent");
        }

        @Override
        public void onReset(EndReason reason, String why) {
            told.add("reset " + why);
        }
    }
}
