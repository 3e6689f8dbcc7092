package io.sallyport.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class SideTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    @Test
    void conversations_without_anything_between_have_no_fault() throws Exception {
        var findings = new Findings(new PrintWriter(Writer.nullWriter()));
        try (var origin = new SoakOrigin(findings)) {
            var partners = new Partners(origin.port(), findings, new AtomicInteger());
            partners.start(8);
            await().until(() -> findings.sessions() > 50);
            partners.stop();
        }

        assertThat(findings.faults()).isEmpty();
    }

    @Test
    void an_end_that_comes_too_early_is_damage() throws Exception {
        var findings = new Findings(new PrintWriter(Writer.nullWriter()));
        try (var origin = new SoakOrigin(findings);
                var partner = connect(origin)) {
            partner.write(orderly(1000).header());
            partner.write(orderly(1000).fromPartner().next(999));
            partner.shutdownOutput();

            await().until(() -> !findings.faults().isEmpty());
        }

        assertThat(findings.faults())
                .containsExactly("origin: an orderly end after 999 bytes, too early");
    }

    @Test
    void a_reset_that_a_write_heard_of_is_one_though_the_read_finds_an_end() throws Exception {
        for (int attempt = 0; attempt < 20; attempt++) {
            try (var listener = ServerSocketChannel.open().bind(ANY_PORT);
                    var partner = SocketChannel.open(listener.getLocalAddress())) {
                SocketChannel peer = listener.accept();
                var conversation = new Conversation(orderly(1).seed(), 1L << 30, 1000);
                Thread.ofVirtual().start(() -> takeSomeThenReset(peer));

                assertThat(Side.ofPartner(partner, conversation).run())
                        .isEqualTo(Side.Ending.RESET);
            }
        }
    }

    private static void takeSomeThenReset(SocketChannel peer) {
        try {
            peer.read(ByteBuffer.allocate(1 << 20));
            peer.setOption(StandardSocketOptions.SO_LINGER, 0);
            peer.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Test
    void a_wrong_byte_is_damage() throws Exception {
        var findings = new Findings(new PrintWriter(Writer.nullWriter()));
        try (var origin = new SoakOrigin(findings);
                var partner = connect(origin)) {
            partner.write(orderly(1000).header());
            partner.write(ByteBuffer.allocate(10));

            await().until(() -> !findings.faults().isEmpty());
        }

        assertThat(findings.faults()).containsExactly("origin: wrong bytes after 0");
    }

    @ParameterizedTest
    @EnumSource
    void every_manner_comes_up(Conversation.Manner manner) {
        assertThat(java.util.stream.LongStream.range(0, 100))
                .anyMatch(seed -> new Conversation(seed, 0, 0).manner() == manner);
    }

    /** Whose seed says that both send at once. */
    private static Conversation orderly(long up) {
        return new Conversation(0, up, 0);
    }

    private static java.nio.channels.SocketChannel connect(SoakOrigin origin) throws IOException {
        return java.nio.channels.SocketChannel.open(
                new java.net.InetSocketAddress(
                        io.sallyport.bench.load.Origin.LOCAL, origin.port()));
    }
}
