package io.sallyport.protocol;

import static io.sallyport.protocol.Samples.bytes;
import static io.sallyport.protocol.Samples.endpoint;
import static io.sallyport.protocol.Samples.hex;
import static io.sallyport.protocol.Samples.network;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.FromAgent;
import io.sallyport.protocol.ControlMessage.FromGateway;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.Samples.MessageSample;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ControlCodecTest {
    private static final String SAMPLES = "io.sallyport.protocol.Samples#MESSAGES";

    @Test
    void no_message_was_left_out_of_the_samples() {
        assertThat(Samples.MESSAGES)
                .<Class<?>>map(sample -> sample.message().getClass())
                .containsExactlyInAnyOrderElementsOf(Samples.recordsOf(ControlMessage.class));
    }

    @Nested
    class Every_message {
        @ParameterizedTest
        @FieldSource(SAMPLES)
        void looks_like_this_on_the_wire(MessageSample sample) {
            assertThat(hex(sample.message())).isEqualTo(sample.hex().replace(" ", ""));
        }

        @ParameterizedTest
        @FieldSource(SAMPLES)
        void is_read_as_it_was_written(MessageSample sample) throws ProtocolException {
            assertThat(ControlCodec.decode(bytes(sample.hex()))).isEqualTo(sample.message());
        }

        @ParameterizedTest
        @FieldSource(SAMPLES)
        void is_refused_if_it_is_cut_anywhere(MessageSample sample) {
            ByteBuf whole = bytes(sample.hex());
            for (int length = 0; length < whole.readableBytes(); length++) {
                assertRefused(whole.slice(0, length)).hasMessage("cut short");
            }
        }

        @ParameterizedTest
        @FieldSource(SAMPLES)
        void is_refused_if_one_byte_follows(MessageSample sample) {
            assertRefused(bytes(sample.hex() + "00"))
                    .hasMessage(
                            "1 bytes left over after %s",
                            sample.message().getClass().getSimpleName());
        }

        @ParameterizedTest
        @FieldSource(SAMPLES)
        void leaves_the_frame_to_its_owner(MessageSample sample) throws ProtocolException {
            ByteBuf frame = bytes(sample.hex());
            ControlCodec.decode(frame);
            assertThat(frame.refCnt()).isEqualTo(1);
            assertThat(frame.isReadable()).isFalse();
        }

        @ParameterizedTest
        @FieldSource(SAMPLES)
        void is_taken_from_the_right_side_only(MessageSample sample) throws ProtocolException {
            ControlMessage message = sample.message();
            String wrongSide = message.getClass().getSimpleName() + " came from the wrong side";
            if (message instanceof FromAgent) {
                assertThat(ControlCodec.decodeFromAgent(bytes(sample.hex()))).isEqualTo(message);
            } else {
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> ControlCodec.decodeFromAgent(bytes(sample.hex())))
                        .withMessage(wrongSide);
            }
            if (message instanceof FromGateway) {
                assertThat(ControlCodec.decodeFromGateway(bytes(sample.hex()))).isEqualTo(message);
            } else {
                assertThatExceptionOfType(ProtocolException.class)
                        .isThrownBy(() -> ControlCodec.decodeFromGateway(bytes(sample.hex())))
                        .withMessage(wrongSide);
            }
        }
    }

    @Test
    void a_hundred_thousand_random_messages_are_read_as_they_were_written()
            throws ProtocolException {
        var samples = new RandomSamples(2);
        ByteBuf frame = Unpooled.buffer();
        for (int i = 0; i < 100_000; i++) {
            ControlMessage message = samples.message();
            ControlCodec.encode(message, frame.clear());
            assertThat(ControlCodec.decode(frame)).isEqualTo(message);
            assertThat(frame.isReadable()).isFalse();
        }
    }

    @Nested
    class A_frame {
        @Test
        void of_no_byte_is_refused() {
            assertRefused(Unpooled.EMPTY_BUFFER).hasMessage("cut short");
        }

        @ParameterizedTest
        @ValueSource(strings = {"00", "13", "ff"})
        void of_an_unknown_type_is_refused_whatever_follows(String type) {
            assertRefused(bytes(type + "0000000000000007"))
                    .hasMessage("unknown type of message %d", Integer.parseInt(type, 16));
        }

        @Test
        void beyond_the_bound_is_refused_unread() {
            assertRefused(Unpooled.wrappedBuffer(new byte[262_145]))
                    .hasMessage("a control frame of 262145 bytes");
        }

        @Test
        void beyond_the_bound_is_not_written() {
            var networks = Collections.nCopies(256, network("2001:db8::", 32));
            var service =
                    new ServiceSpec(
                            "files",
                            ChannelKind.ENCRYPTED,
                            List.of(),
                            networks,
                            networks,
                            networks,
                            1,
                            Duration.ZERO,
                            Duration.ZERO,
                            null);
            assertNotWritten(new Publish(1, Collections.nCopies(19, service)))
                    .hasMessage(
                            "a control frame takes up to 262144 bytes,"
                                    + " but this Publish would take 263218");
        }
    }

    @Nested
    class A_name {
        @Test
        void takes_up_to_a_hundred_bytes() throws ProtocolException {
            var welcome = new Welcome(0, "é".repeat(50), "x".repeat(100), Samples.KEY);
            assertThat(ControlCodec.decode(bytes(hex(welcome)))).isEqualTo(welcome);
        }

        @Test
        void that_is_longer_is_not_cut_but_refused() {
            assertNotWritten(new Welcome(0, "é".repeat(50) + "x", "x", Samples.KEY))
                    .hasMessageStartingWith("a name takes 1 to 100 bytes, but this one takes 101");
            assertRefused(bytes("02 0000 0065" + "78".repeat(101) + "0001 78"))
                    .hasMessage("a text of 101 bytes, where 100 are allowed");
        }

        @Test
        void that_is_empty_is_refused() {
            assertNotWritten(new Welcome(0, "", "x", Samples.KEY))
                    .hasMessageStartingWith("a name takes 1 to 100 bytes, but this one takes 0");
            assertRefused(bytes("02 0000 0000 0001 78")).hasMessage("a name is empty");
        }

        @Test
        void cannot_write_lines_into_a_log() {
            assertNotWritten(new Welcome(0, "dmz\n1", "x", Samples.KEY))
                    .hasMessage("a name with a control character");
            assertRefused(bytes("02 0000 0002 780a 0001 78"))
                    .hasMessage("a text has a control character");
        }

        @Test
        void that_is_half_a_character_is_not_written() {
            assertNotWritten(new Welcome(0, "\ud83d", "x", Samples.KEY))
                    .hasMessage("a name that has no form in UTF-8");
        }

        @ParameterizedTest
        @ValueSource(strings = {"80", "c080", "c3", "eda080", "f4908080", "fffe"})
        void that_is_not_utf8_is_refused(String text) {
            assertRefused(bytes("02 0000 %04x %s 0001 78".formatted(text.length() / 2, text)))
                    .hasMessage("a text is not UTF-8");
        }
    }

    @Nested
    class A_sentence_that_says_why {
        @Test
        void is_cut_where_it_becomes_too_long() throws ProtocolException {
            assertThat(arrived("x".repeat(384))).isEqualTo("x".repeat(384));
            assertThat(arrived("x".repeat(385))).isEqualTo("x".repeat(384));
            assertThat(arrived("x".repeat(1_000_000))).isEqualTo("x".repeat(384));
        }

        @ParameterizedTest
        @ValueSource(strings = {"é", "語", "🚪"})
        void is_never_cut_within_a_character(String character) throws ProtocolException {
            for (int shift = 0; shift < 4; shift++) {
                String arrived = arrived("x".repeat(shift) + character.repeat(400));
                assertThat(arrived.substring(shift).replace(character, "")).isEmpty();
                assertThat(arrived.getBytes(UTF_8)).hasSizeBetween(381, 384);
            }
        }

        @Test
        void may_hold_the_character_that_stands_for_what_is_not_utf8() throws ProtocolException {
            assertThat(arrived("a\ufffdb")).isEqualTo("a\ufffdb");
        }

        @Test
        void arrives_whatever_is_in_it() throws ProtocolException {
            assertThat(arrived("")).isEmpty();
            assertThat(arrived("no\r\nsuch\tfile\u007f\u0085.")).isEqualTo("no  such file  .");
            assertThat(arrived("\ud83d half, and \udeaa half")).isEqualTo("? half, and ? half");
        }

        @Test
        void is_refused_if_it_comes_too_long_or_with_control_characters() {
            assertRefused(bytes("09 00 0181" + "78".repeat(385) + "00000000"))
                    .hasMessage("a text of 385 bytes, where 384 are allowed");
            assertRefused(bytes("09 00 0001 1b 00000000"))
                    .hasMessage("a text has a control character");
        }

        private String arrived(String why) throws ProtocolException {
            var goodbye = new Goodbye(CloseReason.STOPPING, why, Duration.ZERO);
            return ((Goodbye) ControlCodec.decode(bytes(hex(goodbye)))).why();
        }
    }

    @Nested
    class Bounds {
        @Test
        void as_many_services_as_allowed_are_published_and_no_more() throws ProtocolException {
            var most = new Publish(1, Collections.nCopies(512, service(1)));
            assertThat(ControlCodec.decode(bytes(hex(most)))).isEqualTo(most);
            assertNotWritten(new Publish(1, Collections.nCopies(513, service(0))))
                    .hasMessage("a list of 513, where 512 are allowed");
            assertRefused(bytes("03 0000000000000001 0201"))
                    .hasMessage("a list of 513, where 512 are allowed");
        }

        @Test
        void listeners_are_counted_over_all_services() {
            assertNotWritten(new Publish(1, List.of(service(256), service(257))))
                    .hasMessage("513 listeners, where an agent may have 512");
            String ofMost = hex(new Publish(1, List.of(service(512))));
            String ofOne = hex(new Publish(1, List.of(service(1))));
            int header = 2 * (1 + 8 + 2);
            assertRefused(
                            bytes(
                                    "03 0000000000000001 0002"
                                            + ofMost.substring(header)
                                            + ofOne.substring(header)))
                    .hasMessage("513 listeners, where an agent may have 512");
        }

        @Test
        void the_largest_answer_to_them_fits_one_frame() throws ProtocolException {
            var failed =
                    new ListenerResult.Failed(
                            "x".repeat(Protocol.NAME_BYTES_MAX),
                            endpoint("2001:db8::1", 22),
                            "x".repeat(Protocol.WHY_BYTES_MAX));
            var most = new Published(1, Collections.nCopies(Protocol.LISTENERS_MAX, failed));
            assertThat(ControlCodec.decode(bytes(hex(most)))).isEqualTo(most);
            assertNotWritten(new Published(1, Collections.nCopies(513, failed)))
                    .hasMessage("a list of 513, where 512 are allowed");
        }

        @Test
        void a_service_has_up_to_256_networks_a_list() throws ProtocolException {
            var most = new Publish(1, List.of(serviceOf(256)));
            assertThat(ControlCodec.decode(bytes(hex(most)))).isEqualTo(most);
            assertNotWritten(new Publish(1, List.of(serviceOf(257))))
                    .hasMessage("a list of 257, where 256 are allowed");
            assertRefused(bytes("03 0000000000000001 0001 0001 78 01 0000 0101"))
                    .hasMessage("a list of 257, where 256 are allowed");
        }

        @Test
        void up_to_4096_tickets_are_issued_at_once() throws ProtocolException {
            var most = new Dial(ChannelKind.PLAIN, Collections.nCopies(4096, Samples.TICKET));
            assertThat(ControlCodec.decode(bytes(hex(most)))).isEqualTo(most);
            assertNotWritten(new Dial(ChannelKind.PLAIN, Collections.nCopies(4097, Samples.TICKET)))
                    .hasMessage("a list of 4097, where 4096 are allowed");
            assertRefused(bytes("05 01 1001")).hasMessageStartingWith("a list of 4097");
        }

        @Test
        void durations_are_whole_milliseconds_up_to_49_days() throws ProtocolException {
            assertThat(arrived(Protocol.DURATION_MAX)).isEqualTo(Protocol.DURATION_MAX);
            assertThat(arrived(Duration.ofNanos(1_999_999))).isEqualTo(Duration.ofMillis(1));
            assertNotWritten(goodbye(Protocol.DURATION_MAX.plusNanos(1)))
                    .hasMessageStartingWith("duration out of range");
            assertNotWritten(goodbye(Duration.ofNanos(-1)))
                    .hasMessageStartingWith("duration out of range");
        }

        @Test
        void numbers_stay_in_their_range() {
            assertNotWritten(new Hello(0x1_0000, "x", 0)).hasMessageContaining("65536");
            assertNotWritten(new Hello(-1, "x", 0)).hasMessageContaining("-1");
            assertNotWritten(new Publish(-1, List.of())).hasMessage("negative revision: -1");
            assertRefused(bytes("03 8000000000000000 0000")).hasMessage("revision out of range");
            String sessions =
                    hex(new Publish(1, List.of(service(0)))).replace("7fffffff", "80000000");
            assertRefused(bytes(sessions)).hasMessage("number out of range: 2147483648");
        }

        private Duration arrived(Duration duration) throws ProtocolException {
            return ((Goodbye) ControlCodec.decode(bytes(hex(goodbye(duration))))).retryAfter();
        }

        private Goodbye goodbye(Duration retryAfter) {
            return new Goodbye(CloseReason.STOPPING, "", retryAfter);
        }

        private ServiceSpec service(int listeners) {
            return service(listeners, 0);
        }

        private ServiceSpec serviceOf(int networks) {
            return service(0, networks);
        }

        private ServiceSpec service(int listeners, int networks) {
            return new ServiceSpec(
                    "x",
                    ChannelKind.ENCRYPTED,
                    Collections.nCopies(listeners, endpoint("192.0.2.1", 22)),
                    Collections.nCopies(networks, network("192.0.2.0", 24)),
                    List.of(),
                    List.of(),
                    Integer.MAX_VALUE,
                    Duration.ZERO,
                    Duration.ZERO,
                    null);
        }
    }

    @Nested
    class An_unknown {
        @Test
        void kind_of_data_channel_is_refused() {
            assertRefused(bytes("05 03 0000")).hasMessage("unknown kind of data channel 3");
        }

        @Test
        void reason_is_refused() {
            assertRefused(bytes("09 7f 0000 00000000"))
                    .hasMessage("unknown reason for closing 127");
        }

        @Test
        void state_of_a_listener_is_refused() {
            assertRefused(bytes("04 0000000000000001 0001 03"))
                    .hasMessage("unknown state of a listener 3");
        }

        @Test
        void kind_of_address_is_refused() {
            assertRefused(bytes("04 0000000000000001 0001 01 0001 78 05"))
                    .hasMessage("unknown kind of address 5");
        }
    }

    @Nested
    class An_address {
        @Test
        void of_ipv4_has_one_form_only() {
            assertRefused(
                            bytes(
                                    "04 0000000000000001 0001 02 0001 78"
                                            + "06 00000000000000000000ffffc0000201 0016 0000"))
                    .hasMessage("an IPv4 address in the form of IPv6");
        }

        @Test
        void has_no_more_prefix_than_bits() {
            String service = "03 0000000000000001 0001 0001 78 01 0000 0001";
            assertRefused(bytes(service + "04 c0000200 21"))
                    .hasMessage("prefix of a network out of range: /33");
            assertRefused(bytes(service + "06" + "00".repeat(16) + "81"))
                    .hasMessage("prefix of a network out of range: /129");
        }
    }

    @Test
    void a_message_shows_neither_a_ticket_nor_a_key() {
        List<ControlMessage> messages =
                List.of(
                        new Dial(ChannelKind.PLAIN, List.of(Samples.TICKET)),
                        new DialFailed(ChannelKind.PLAIN, List.of(Samples.TICKET), "refused"));
        assertThat(messages)
                .allSatisfy(message -> assertThat(message.toString()).contains("Ticket[hidden]"));
        assertThat(new Welcome(0, "dmz-1", "x", Samples.KEY).toString())
                .contains("OpeningKey[hidden]");
    }

    @Test
    void a_reason_is_written_for_every_goodbye() {
        for (CloseReason reason : CloseReason.values()) {
            assertThat(hex(new Goodbye(reason, "", Duration.ZERO)))
                    .isEqualTo("09%02x000000000000".formatted(reason.code()));
        }
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ByteBuf frame) {
        return assertThat(catchThrowable(() -> ControlCodec.decode(frame)))
                .isInstanceOf(ProtocolException.class);
    }

    private static AbstractThrowableAssert<?, ?> assertNotWritten(ControlMessage message) {
        ByteBuf out = Unpooled.buffer().writeInt(0);
        Throwable thrown = catchThrowable(() -> ControlCodec.encode(message, out));
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("00000000");
        return assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
    }
}
