package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.kernel.KernelEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PipeUseTest {
    private static final RelayTimeouts PATIENT =
            new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));

    @Test
    void bytes_that_a_partner_does_not_take_wait_in_pipes_and_no_pipe_outlives_its_loop(
            @TempDir Path folder) throws Exception {
        long before = pipeEnds();
        try (var origin = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var address = (InetSocketAddress) origin.getLocalSocketAddress();
            try (var chain =
                    new Chain(folder, ChannelKind.PLAIN, new KernelEngine(), PATIENT, address)) {
                var partner = new Socket();
                partner.connect(chain.address());
                Socket accepted = origin.accept();
                Thread sending = Flood.from(accepted);
                await().atMost(Duration.ofSeconds(20)).until(() -> pipeEnds() > before);
                partner.setSoLinger(true, 0);
                partner.close();
                assertThat(chain.endedAtGateway.poll(20, TimeUnit.SECONDS)).isNotNull();
                assertThat(chain.endedAtAgent.poll(20, TimeUnit.SECONDS)).isNotNull();
                sending.join();
            }
        }
        assertThat(pipeEnds()).isEqualTo(before);
    }

    private static long pipeEnds() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(PipeUseTest::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
