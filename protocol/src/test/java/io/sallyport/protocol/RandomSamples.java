package io.sallyport.protocol;

import io.netty.buffer.Unpooled;
import io.sallyport.protocol.ControlMessage.Bind;
import io.sallyport.protocol.ControlMessage.Connect;
import io.sallyport.protocol.ControlMessage.ConnectPartner;
import io.sallyport.protocol.ControlMessage.Dial;
import io.sallyport.protocol.ControlMessage.DialFailed;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Hello;
import io.sallyport.protocol.ControlMessage.Listen;
import io.sallyport.protocol.ControlMessage.Listening;
import io.sallyport.protocol.ControlMessage.Ping;
import io.sallyport.protocol.ControlMessage.Pong;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ControlMessage.Published;
import io.sallyport.protocol.ControlMessage.Refused;
import io.sallyport.protocol.ControlMessage.Welcome;
import io.sallyport.protocol.ControlMessage.Withdraw;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Messages and frames within the bounds, the same ones for the same seed. */
final class RandomSamples {
    private static final String[] LETTERS = {"a", "Z", "-", "7", " ", "é", "ß", "語", "…", "🚪"};

    private final Random random;

    RandomSamples(long seed) {
        random = new Random(seed);
    }

    ControlMessage message() {
        return switch (random.nextInt(16)) {
            case 0 -> new Hello(random.nextInt(0x1_0000), name(), random.nextLong());
            case 1 -> new Welcome(random.nextInt(0x1_0000), name(), name(), openingKey());
            case 2 -> new Publish(random.nextLong() >>> 1, list(5, this::service));
            case 3 -> new Published(random.nextLong() >>> 1, list(5, this::result));
            case 4 -> new Dial(kind(), list(8, this::ticket));
            case 5 -> new DialFailed(kind(), list(8, this::ticket), why());
            case 6 -> new Ping(random.nextLong());
            case 7 -> new Pong(random.nextLong());
            case 8 ->
                    new Listen(
                            session(),
                            random.nextLong(),
                            random.nextInt(65_536),
                            random.nextInt(65_536),
                            duration());
            case 9 -> new Listening(requestId(), endpoint());
            case 10 -> new ConnectPartner(session(), random.nextLong(), endpoint(), duration());
            case 11 -> new Refused(requestId(), oneOf(RefusalKind.values()), why());
            case 12 -> new Withdraw(requestId());
            case 13 ->
                    new Connect(
                            random.nextLong(),
                            name(),
                            name(),
                            random.nextInt(0x1_0000),
                            duration(),
                            duration(),
                            duration());
            case 14 ->
                    new Bind(
                            random.nextLong(),
                            name(),
                            name(),
                            random.nextInt(0x1_0000),
                            random.nextInt(0x1_0000),
                            duration(),
                            duration(),
                            duration());
            default -> new Goodbye(oneOf(CloseReason.values()), why(), duration());
        };
    }

    DataFrame frame() {
        return switch (random.nextInt(7)) {
            case 0 -> new DataFrame.Ready(ticket());
            case 1 -> new DataFrame.Open(opening(), ticket());
            case 2 -> new DataFrame.Opened();
            case 3 -> new DataFrame.End();
            case 4 -> new DataFrame.Reset(endReason(), why());
            case 5 ->
                    new DataFrame.SealedOpen(
                            Unpooled.wrappedBuffer(bytes(1 + random.nextInt(300))));
            default -> new DataFrame.Data(Unpooled.wrappedBuffer(bytes(1 + random.nextInt(300))));
        };
    }

    Ticket ticket() {
        return new Ticket(random.nextLong(), random.nextLong());
    }

    OpeningKey openingKey() {
        return new OpeningKey(random.nextLong(), random.nextLong());
    }

    Endpoint endpoint() {
        return new Endpoint(Samples.address(addressBytes()), random.nextInt(0x1_0000));
    }

    Network network() {
        byte[] address = addressBytes();
        return new Network(Samples.address(address), random.nextInt(address.length * 8 + 1));
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private byte[] addressBytes() {
        return bytes(random.nextBoolean() ? 4 : 16);
    }

    private ServiceSpec service() {
        return new ServiceSpec(
                name(),
                kind(),
                list(4, this::endpoint),
                list(4, this::network),
                list(4, this::network),
                list(4, this::network),
                random.nextInt() >>> 1,
                duration(),
                duration(),
                random.nextBoolean() ? dataPorts() : null);
    }

    private ListenerResult result() {
        return random.nextBoolean()
                ? new ListenerResult.Opened(name(), endpoint(), endpoint())
                : new ListenerResult.Failed(name(), endpoint(), why());
    }

    private SessionOpening opening() {
        return new SessionOpening(
                session(),
                name(),
                endpoint(),
                endpoint(),
                random.nextBoolean() ? requestId() : null);
    }

    private RequestId requestId() {
        return new RequestId(random.nextBoolean() ? session() : null, random.nextLong());
    }

    private DataPorts dataPorts() {
        int first = 1 + random.nextInt(65_535);
        return new DataPorts(random.nextBoolean(), first, first + random.nextInt(65_536 - first));
    }

    private SessionId session() {
        return new SessionId(random.nextLong());
    }

    private ChannelKind kind() {
        return oneOf(ChannelKind.values());
    }

    private EndReason endReason() {
        return oneOf(EndReason.values());
    }

    private Duration duration() {
        return Duration.ofMillis(random.nextInt() & 0xffff_ffffL);
    }

    private String name() {
        return text(1 + random.nextInt(25));
    }

    private String why() {
        return text(random.nextInt(96));
    }

    /** None takes more bytes than {@code 4 * length}. */
    private String text(int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(oneOf(LETTERS));
        }
        return text.toString();
    }

    private <T> List<T> list(int lengthMax, Supplier<T> entry) {
        return Stream.generate(entry).limit(random.nextInt(lengthMax + 1)).toList();
    }

    private <T> T oneOf(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
