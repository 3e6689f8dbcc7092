package io.sallyport.agent.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.sallyport.agent.peer.Certificates;
import io.sallyport.process.HostPort;
import io.sallyport.relay.dial.SystemNames;
import io.sallyport.relay.tcp.TcpChannel;
import io.sallyport.relay.tcp.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class TlsDialTest {
    private static final Duration LONGER_THAN_THE_TEST = Duration.ofMinutes(5);
    private static final int DIALS = 300;

    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, Transport.chosen().handlers());
    @TempDir private Path folder;
    private AgentTls tls;

    @BeforeEach
    void an_agent_s_identity() throws Exception {
        tls = AgentTls.of(new Certificates(folder).agent("inside-1"));
    }

    @AfterEach
    void the_loop_ends() {
        tls.release();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** As the kernel does to those who come while a gateway dies. */
    @Test
    void a_reset_at_any_moment_is_noticed_at_once() throws Exception {
        try (var dying = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.ofVirtual().start(() -> resetEveryone(dying));
            var target = new Target("gateway", new HostPort("127.0.0.1", dying.getLocalPort()));
            for (int dial = 0; dial < DIALS; dial++) {
                var failed = new CompletableFuture<DialFault>();
                TlsDial.start(
                        loops.next(),
                        new SystemNames(),
                        target,
                        tls.control(),
                        LONGER_THAN_THE_TEST,
                        new Recorded(failed));

                assertThat(failed.get(10, TimeUnit.SECONDS).why()).contains("gateway 127.0.0.1:");
            }
        }
    }

    private static void resetEveryone(ServerSocket server) {
        try {
            while (true) {
                var socket = server.accept();
                socket.setSoLinger(true, 0);
                socket.close();
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private record Recorded(CompletableFuture<DialFault> failed) implements TcpDial.Outcome {
        @Override
        public void connected(TcpChannel channel) {
            failed.completeExceptionally(new AssertionError("connected"));
        }

        @Override
        public void failed(DialFault fault) {
            failed.complete(fault);
        }
    }
}
