package io.sallyport.relay.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.Certificates;
import io.sallyport.relay.Leg;
import io.sallyport.relay.LegHandler;
import io.sallyport.relay.LossWatcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TLS 1.3 says by itself behind the handshake: when it is sent, and what bounds it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TlsAnswersTest {
    private final Wire wire = new Wire();
    private final TlsLeg leg = new TlsLeg(wire, EndReason.PARTNER_RESET, "the partner");
    private final Queue<ByteBuf> fromClient = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init")
    private SSLEngine engine;

    @SuppressWarnings("NullAway.Init")
    private TlsMachine client;

    @BeforeEach
    void a_partner_is_connected(@TempDir Path folder) throws Exception {
        var certificates = new Certificates(folder);
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        client = new TlsMachine(engine, ByteBufAllocator.DEFAULT, fromClient::add);
        leg.startTls(server.newSession().newEngine(), Duration.ofSeconds(20), () -> {});
        leg.attach(new Deaf());
    }

    private void handshake(String version) throws SSLException {
        engine.setEnabledProtocols(new String[] {version});
        client.start();
        while (!client.isEstablished()) {
            clientIsHeard();
            client.receive(wire.takeSent()).release();
        }
        clientIsHeard();
    }

    @AfterEach
    void everything_is_released() {
        leg.reset(EndReason.PARTNER_RESET, "the test is over");
        client.release();
        wire.takeSent().release();
        wire.loop.shutdownGracefully();
    }

    private void clientIsHeard() {
        for (ByteBuf bytes = fromClient.poll(); bytes != null; bytes = fromClient.poll()) {
            wire.deliver(bytes);
        }
    }

    @Test
    void the_ticket_waits_for_the_first_bytes() throws SSLException {
        handshake("TLSv1.3");

        assertThat(wire.sentBytes()).isZero();

        leg.write(Unpooled.wrappedBuffer(new byte[1]));

        assertThat(wire.records()).isEqualTo(2);
    }

    @Test
    void the_ticket_goes_before_the_end() throws SSLException {
        handshake("TLSv1.3");

        leg.end();

        assertThat(wire.records()).isEqualTo(2);
    }

    @Test
    void a_peer_that_asks_for_new_keys_and_reads_nothing_is_not_read_on() throws SSLException {
        handshake("TLSv1.3");

        client.start();
        clientIsHeard();
        assertThat(wire.records()).as("ticket and new keys").isEqualTo(2);
        assertThat(wire.reading).isTrue();

        wire.writable = false;
        client.start();
        clientIsHeard();
        assertThat(wire.reading).isFalse();

        wire.becomeWritable();
        assertThat(wire.reading).isTrue();
    }

    @Test
    void a_peer_that_did_not_read_is_read_on_when_it_is_owed_no_more_answers() throws SSLException {
        handshake("TLSv1.3");
        wire.writable = false;
        client.start();
        clientIsHeard();

        leg.end();

        assertThat(wire.reading).isTrue();
    }

    @Test
    void bytes_are_read_on_while_others_wait_to_be_sent() throws SSLException {
        handshake("TLSv1.3");
        wire.writable = false;

        client.send(Unpooled.wrappedBuffer(new byte[100]));
        clientIsHeard();

        assertThat(wire.reading).isTrue();
    }

    @Test
    void a_handshake_is_no_answer_too_many() throws SSLException {
        leg.write(Unpooled.wrappedBuffer(new byte[100]));
        wire.writable = false;

        handshake("TLSv1.2");

        assertThat(wire.reading).isTrue();
    }

    /** What is below the leg: bytes to deliver and bytes that were sent. */
    private static final class Wire implements Leg {
        private final EventLoop loop = new DefaultEventLoop();
        private ByteBuf sent = Unpooled.buffer();
        private @Nullable LegHandler handler;
        private boolean writable = true;
        private boolean reading;

        void deliver(ByteBuf bytes) {
            handler().onBytes(bytes);
            handler().onReadComplete();
        }

        void becomeWritable() {
            writable = true;
            handler().onWritabilityChanged(true);
        }

        private LegHandler handler() {
            return Objects.requireNonNull(handler);
        }

        int sentBytes() {
            return sent.readableBytes();
        }

        /** How many records were sent; the length of each is at its fourth byte (RFC 8446, 5.1). */
        int records() {
            int records = 0;
            for (int at = 0; at < sent.readableBytes(); at += 5 + sent.getUnsignedShort(at + 3)) {
                records++;
            }
            return records;
        }

        ByteBuf takeSent() {
            ByteBuf taken = sent;
            sent = Unpooled.buffer();
            return taken;
        }

        @Override
        public EventLoop loop() {
            return loop;
        }

        @Override
        public void watch(LossWatcher watcher) {}

        @Override
        public void attach(LegHandler handler) {
            this.handler = handler;
        }

        @Override
        public void write(ByteBuf bytes) {
            sent.writeBytes(bytes);
            bytes.release();
        }

        @Override
        public void flush() {}

        @Override
        public boolean isWritable() {
            return writable;
        }

        @Override
        public void setReading(boolean reading) {
            this.reading = reading;
        }

        @Override
        public void end() {}

        @Override
        public void close() {}

        @Override
        public void reset(EndReason reason, String why) {}
    }

    /** Drops what it is told. */
    private static final class Deaf implements LegHandler {
        @Override
        public void onBytes(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void onReadComplete() {}

        @Override
        public void onWritabilityChanged(boolean writable) {}

        @Override
        public void onEnd() {}

        @Override
        public void onEndSent() {}

        @Override
        public void onReset(EndReason reason, String why) {}
    }
}
