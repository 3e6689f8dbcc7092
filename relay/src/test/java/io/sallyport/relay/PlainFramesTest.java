package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.protocol.DataFrame.End;
import io.sallyport.protocol.DataFrame.Ready;
import io.sallyport.protocol.DataFrame.Reset;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Ticket;
import io.sallyport.relay.kernel.KernelEngine;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames on a plain data channel, of any size and cut anywhere. */
@ParameterizedClass
@MethodSource("engines")
@EnabledOnOs(OS.LINUX)
class PlainFramesTest extends PlainFramesBench {
    PlainFramesTest(RelayEngine engine) {
        super(engine);
    }

    static Stream<RelayEngine> engines() {
        return Stream.of(new PortableEngine(), new KernelEngine());
    }

    // ---- towards the partner

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void frames_of_any_size_cut_anywhere_arrive_whole(long seed) throws Exception {
        var random = new Random(seed);
        int[] sizes = new int[500];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = 1 + random.nextInt(1 << (1 + random.nextInt(20)));
        }
        byte[] sent = joined(framed(BYTES.length, sizes), frame(new End()));
        var sending =
                aside(() -> {
                    for (int at = 0; at < sent.length; ) {
                        int part = 1 + random.nextInt(1 << (1 + random.nextInt(20)));
                        part = Math.min(part, sent.length - at);
                        peer.getOutputStream().write(sent, at, part);
                        at += part;
                    }
                    return true;
                });

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(BYTES);

        sending.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 1_000, 4_095, 4_096, 4_097, 64 * 1024, MIB - 1, MIB})
    void frames_of_one_size_arrive_whole_and_the_end_right_behind_them(int size) throws Exception {
        int bytes = size < 1_000 ? 2 * MIB : BYTES.length;
        var sending = sendAside(joined(framed(bytes, size), frame(new End())));

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(first(bytes));

        sending.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @Test
    void large_frames_and_small_ones_by_turns_arrive_whole() throws Exception {
        var sending =
                sendAside(joined(framed(BYTES.length, MIB, 1, 1, 300_000, 100), frame(new End())));

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(BYTES);

        sending.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @Test
    void the_next_offer_may_be_right_behind_bulk_and_its_end() throws Exception {
        partner.shutdownOutput();
        assertThat(received().frames).containsExactly(new End());
        Ticket next = Ticket.random();
        var sending =
                sendAside(
                        joined(
                                framed(BYTES.length, MIB),
                                frame(new End()),
                                frame(new Ready(next))));

        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(BYTES);

        sending.get(10, TimeUnit.SECONDS);
        assertThat(ended().reason()).isEqualTo(EndReason.COMPLETED);
        assertThat(offers.poll(10, TimeUnit.SECONDS)).isEqualTo(next);
    }

    private void awaitAlone(int sessionBytes) {
        await().during(Duration.ofMillis(50))
                .until(() -> relay.join().bytesFromOrigin() == sessionBytes);
    }

    /** Brings a part of what is sent so far ahead that it has arrived alone. */
    private void sendInTwo(byte[] bytes, int firstPart, int sessionBytesInIt) throws Exception {
        var sending = sendAside(Arrays.copyOf(bytes, firstPart));
        assertThat(partner.getInputStream().readNBytes(sessionBytesInIt))
                .isEqualTo(first(sessionBytesInIt));
        sending.get(10, TimeUnit.SECONDS);
        awaitAlone(sessionBytesInIt);
        send(Arrays.copyOfRange(bytes, firstPart, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void a_header_in_bulk_may_come_in_two_parts(int ahead) throws Exception {
        int before = 8 * MIB;
        byte[] bulk = framed(before, MIB);
        byte[] all = joined(framed(16 * MIB, MIB), frame(new End()));
        int sessionBytes = before + Math.max(0, ahead - 4);

        var sending = sendAside(Arrays.copyOf(all, bulk.length + ahead));
        assertThat(partner.getInputStream().readNBytes(sessionBytes))
                .isEqualTo(first(sessionBytes));
        sending.get(10, TimeUnit.SECONDS);
        awaitAlone(sessionBytes);
        var more = sendAside(Arrays.copyOfRange(all, bulk.length + ahead, all.length));

        assertThat(partner.getInputStream().readAllBytes())
                .isEqualTo(Arrays.copyOfRange(BYTES, sessionBytes, 16 * MIB));
        more.get(10, TimeUnit.SECONDS);
        assertCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void the_end_of_bulk_may_come_in_two_parts(int ahead) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);

        sendInTwo(joined(bulk, frame(new End())), bulk.length + ahead, 8 * MIB);

        assertThat(partner.getInputStream().read()).isEqualTo(-1);
        assertCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5, 9})
    void a_reset_behind_bulk_is_told_with_its_reason_however_it_is_cut(int ahead) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);
        byte[] reset = frame(new Reset(EndReason.ORIGIN_RESET, "the origin was reset"));

        sendInTwo(joined(bulk, reset), bulk.length + ahead, 8 * MIB);

        assertPartnerReset();
        assertThat(ended())
                .isEqualTo(new Chain.Ended(EndReason.ORIGIN_RESET, "the origin was reset"));
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    static Stream<byte[]> brokenFrames() {
        return Stream.of(
                new byte[] {0, 0, 0, 0},
                new byte[] {7, 0, 0, 0},
                new byte[] {4, 0, 0, 0},
                new byte[] {4, 0x10, 0, 1},
                new byte[] {6, 0, 0, 0},
                frame(new Ready(Ticket.random())));
    }

    @ParameterizedTest
    @MethodSource("brokenFrames")
    void what_may_not_follow_in_bulk_ends_the_session(byte[] broken) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);

        sendInTwo(joined(bulk, broken), bulk.length, 8 * MIB);

        assertPartnerReset();
        assertThat(ended().reason()).isEqualTo(EndReason.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 200 * 1024, MIB})
    void nothing_follows_the_end(int bytes) throws Exception {
        // Bulk and its end are read in one turn, since the loop sleeps until both are there.
        int before = 100 * 1024;
        loop.execute(() -> LockSupport.parkNanos(Duration.ofMillis(200).toNanos()));
        send(joined(framed(before, before), frame(new End())));
        assertThat(partner.getInputStream().readAllBytes()).isEqualTo(first(before));

        // What the other side does not take is not the test's.
        var _ = sendAside(joined(header(bytes), first(bytes)));

        assertThat(ended().reason()).isEqualTo(EndReason.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 100_000})
    void a_channel_that_ends_in_bulk_is_lost(int ahead) throws Exception {
        byte[] bulk = framed(8 * MIB, MIB);
        byte[] more = joined(header(MIB), first(MIB));
        int sessionBytes = 8 * MIB + Math.max(0, ahead - 4);
        var sending = sendAside(joined(bulk, Arrays.copyOf(more, ahead)));
        assertThat(partner.getInputStream().readNBytes(sessionBytes)).hasSize(sessionBytes);
        sending.get(10, TimeUnit.SECONDS);

        peer.shutdownOutput();

        assertPartnerReset();
        assertThat(ended().reason()).isEqualTo(EndReason.CHANNEL_LOST);
    }

    // ---- from the partner

    @Test
    void what_a_partner_sends_in_bulk_comes_in_frames_and_then_its_end() throws Exception {
        var sending = partnerSends(BYTES);
        // So that the channel is full first.
        await().during(Duration.ofMillis(200)).until(new StoppedGrowing());

        Received received = received();

        assertThat(received.bytes.toByteArray()).isEqualTo(BYTES);
        assertThat(received.frames).containsExactly(new End());
        sending.get(10, TimeUnit.SECONDS);
        send(frame(new End()));
        assertThat(partner.getInputStream().read()).isEqualTo(-1);
        assertThat(ended().reason()).isEqualTo(EndReason.COMPLETED);
    }

    private CompletableFuture<Boolean> partnerSends(byte[] bytes) {
        return aside(() -> {
            partner.getOutputStream().write(bytes);
            partner.shutdownOutput();
            return true;
        });
    }

    @Test
    void a_reset_never_comes_in_the_middle_of_a_frame() throws Exception {
        Thread sending = Flood.from(partner);
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(20))
                .until(new StoppedGrowing());

        relay.join().abort(EndReason.SHUTDOWN, "the gateway was stopped");

        Received received = received();
        assertThat(received.bytes.toByteArray()).containsOnly(0);
        if (engine.name().equals("kernel")) {
            // A frame was announced, and the kernel had a part of it.
            assertThat(received.frames).isEmpty();
            assertThat(received.lost).isInstanceOf(SocketException.class);
        } else {
            assertThat(received.frames)
                    .containsExactly(new Reset(EndReason.SHUTDOWN, "the gateway was stopped"));
        }
        sending.join();
    }

    @Test
    void a_reset_follows_bulk_that_was_taken() throws Exception {
        int bytes = 16 * MIB;
        var sending =
                aside(() -> {
                    partner.getOutputStream().write(BYTES, 0, bytes);
                    return true;
                });
        var receiving = aside(this::received);
        sending.get(10, TimeUnit.SECONDS);
        await().during(Duration.ofMillis(200))
                .until(() -> relay.join().bytesFromPartner() == bytes);

        relay.join().abort(EndReason.SHUTDOWN, "the gateway was stopped");

        Received received = receiving.get(10, TimeUnit.SECONDS);
        assertThat(received.bytes.toByteArray()).isEqualTo(first(bytes));
        assertThat(received.frames)
                .containsExactly(new Reset(EndReason.SHUTDOWN, "the gateway was stopped"));
    }
}
