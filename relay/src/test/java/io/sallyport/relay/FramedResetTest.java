package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Why a framed session was aborted reaches the side that is still sending. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class FramedResetTest {
    private static final RelayTimeouts PATIENT =
            new RelayTimeouts(Duration.ofMinutes(5), Duration.ofMinutes(5));
    private static final int TIMES = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /** Has one end send, and the other reset the session meanwhile. */
    private interface Ends {
        Thread meet(Socket partner, Socket origin) throws IOException;
    }

    @Test
    void an_origin_that_resets_in_the_midst_of_an_upload_is_no_lost_channel() throws Exception {
        everySession(
                (partner, origin) -> resetAmidst(partner, origin),
                chain -> chain.endedAtGateway,
                EndReason.ORIGIN_RESET);
    }

    @Test
    void a_partner_that_resets_in_the_midst_of_a_download_is_no_lost_channel() throws Exception {
        everySession(
                (partner, origin) -> resetAmidst(origin, partner),
                chain -> chain.endedAtAgent,
                EndReason.PARTNER_RESET);
    }

    private void everySession(
            Ends ends, Function<Chain, BlockingQueue<Chain.Ended>> told, EndReason reason)
            throws Exception {
        try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var chain = chain(listener)) {
            for (int time = 0; time < TIMES; time++) {
                var partner = new Socket();
                partner.connect(chain.address());
                Thread sending = ends.meet(partner, listener.accept());

                assertThat(told.apply(chain).poll(20, TimeUnit.SECONDS))
                        .extracting(Chain.Ended::reason)
                        .isEqualTo(reason);
                sending.join();
            }
        }
    }

    private Chain chain(ServerSocket origin) throws Exception {
        var address = (InetSocketAddress) origin.getLocalSocketAddress();
        return new Chain(folder, ChannelKind.ENCRYPTED, new PortableEngine(), PATIENT, address);
    }

    private static Thread resetAmidst(Socket sender, Socket receiving) throws IOException {
        Thread sending = Flood.from(sender);
        receiving.getInputStream().readNBytes(256 * 1024);
        receiving.setSoLinger(true, 0);
        receiving.close();
        return sending;
    }
}
