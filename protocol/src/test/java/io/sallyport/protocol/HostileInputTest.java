package io.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What a peer may send that is no peer of ours. The same inputs at every run. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HostileInputTest {
    private final Random random = new Random(1);
    private final ByteBuf rewritten = Unpooled.buffer();

    @Test
    void a_million_mutated_control_frames_are_read_in_full_or_refused() {
        List<byte[]> frames = new ArrayList<>();
        Samples.MESSAGES.forEach(sample -> frames.add(bytesOf(Samples.bytes(sample.hex()))));
        var samples = new RandomSamples(1);
        for (int i = 0; i < 200; i++) {
            ByteBuf frame = Unpooled.buffer();
            ControlCodec.encode(samples.message(), frame);
            frames.add(bytesOf(frame));
        }
        int read = 0;
        for (int i = 0; i < 1_000_000; i++) {
            read += readsControl(mutated(frames.get(random.nextInt(frames.size())))) ? 1 : 0;
        }
        assertThat(read).as("inputs that were still messages").isBetween(100_000, 900_000);
    }

    @Test
    void a_million_random_control_frames_are_read_in_full_or_refused() {
        int read = 0;
        for (int i = 0; i < 1_000_000; i++) {
            byte[] frame = new byte[random.nextInt(64)];
            random.nextBytes(frame);
            if (frame.length > 0) {
                frame[0] = (byte) random.nextInt(13);
            }
            read += readsControl(frame) ? 1 : 0;
        }
        assertThat(read).as("inputs that were messages by chance").isPositive();
    }

    @Test
    void half_a_million_mutated_data_channels_are_read_in_full_or_refused() {
        List<byte[]> channels = new ArrayList<>();
        var samples = new RandomSamples(3);
        for (int i = 0; i < 200; i++) {
            ByteBuf channel = Unpooled.buffer();
            for (int frames = 1 + random.nextInt(4); frames > 0; frames--) {
                Samples.write(samples.frame(), channel);
            }
            channels.add(bytesOf(channel));
        }
        int read = 0;
        for (int i = 0; i < 500_000; i++) {
            read += readsData(mutated(channels.get(random.nextInt(channels.size())))) ? 1 : 0;
        }
        assertThat(read).as("inputs that were still frames").isBetween(50_000, 450_000);
    }

    @Test
    void random_preambles_are_read_or_refused() {
        var out = Unpooled.buffer();
        PlainPreamble.encode(out);
        byte[] genuine = bytesOf(out);
        for (int i = 0; i < 100_000; i++) {
            ByteBuf in = Unpooled.wrappedBuffer(mutated(genuine));
            try {
                PlainPreamble.decode(in);
            } catch (ProtocolException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    /** Whatever is read has one form only: written again it is the same bytes. */
    private boolean readsControl(byte[] input) {
        ByteBuf frame = Unpooled.wrappedBuffer(input);
        try {
            ControlCodec.encode(ControlCodec.decode(frame), rewritten.clear());
        } catch (ProtocolException refused) {
            return false;
        } catch (RuntimeException fault) {
            return fail("input " + ByteBufUtil.hexDump(input), fault);
        }
        if (!rewritten.equals(Unpooled.wrappedBuffer(input))) {
            fail("read and written again differs: " + ByteBufUtil.hexDump(input));
        }
        return true;
    }

    private boolean readsData(byte[] input) {
        ByteBuf in = Unpooled.wrappedBuffer(input);
        try {
            new DataFrameDecoder()
                    .feed(
                            in,
                            frame -> {
                                if (frame instanceof DataFrame.Data(var bytes)) {
                                    bytes.release();
                                }
                            });
        } catch (ProtocolException refused) {
            return false;
        } catch (RuntimeException fault) {
            return fail("input " + ByteBufUtil.hexDump(input), fault);
        } finally {
            if (in.refCnt() != 1) {
                fail("leaks " + ByteBufUtil.hexDump(input));
            }
        }
        return true;
    }

    private byte[] mutated(byte[] original) {
        byte[] bytes = original.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            bytes =
                    switch (random.nextInt(5)) {
                        case 0 -> cut(bytes, random.nextInt(bytes.length + 1));
                        case 1 -> cut(bytes, bytes.length + 1 + random.nextInt(4));
                        case 2 -> changed(bytes, (byte) 0xff);
                        case 3 -> changed(bytes, (byte) 0);
                        default -> changed(bytes, (byte) random.nextInt());
                    };
        }
        return bytes;
    }

    private byte[] changed(byte[] bytes, byte value) {
        if (bytes.length > 0) {
            bytes[random.nextInt(bytes.length)] = value;
        }
        return bytes;
    }

    private static byte[] cut(byte[] bytes, int length) {
        return Arrays.copyOf(bytes, length);
    }

    private static byte[] bytesOf(ByteBuf buffer) {
        return ByteBufUtil.getBytes(buffer);
    }
}
