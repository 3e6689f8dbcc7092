package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.tls.FtpsServer;
import io.sallyport.relay.tls.TlsLeg;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a leg with TLS promises while nothing goes wrong, and at every orderly end. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ParameterizedClass
@MethodSource("ways")
@Timeout(60)
class TlsLegTest extends TlsChain {
    TlsLegTest(ChannelKind kind, String version) {
        super(kind, version);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void an_upload_arrives_whole_and_its_end_arrives_in_order(int bytes) throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            var sent =
                    async(() -> {
                        SSLSocket partner = secure(plain);
                        send(partner, bytes);
                        partner.shutdownOutput();
                        return endOf(partner);
                    });
            try (Socket accepted = accepted()) {
                assertThat(receive(accepted)).isEqualTo(Received.all(bytes));
            }
            assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    /** As uploading clients do: the ticket of TLS 1.3 then meets a closed socket. */
    @RepeatedTest(5)
    void an_upload_of_a_partner_that_closes_behind_its_close_notify_arrives_whole()
            throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            var received =
                    async(() -> {
                        try (Socket accepted = accepted()) {
                            return receive(accepted);
                        }
                    });
            var partner = new HurriedPartner(trusting, version, plain);
            partner.handshake();
            partner.sendAllAndClose(BLOCK);
            assertThat(of(received)).isEqualTo(Received.all(BLOCK.length));
        }
        everythingCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void a_download_arrives_whole_although_the_origin_closes_at_once(int bytes) throws Exception {
        tlsEndsAtTheAgent(LONG);
        var sent =
                async(() -> {
                    try (Socket accepted = accepted()) {
                        send(accepted, bytes);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    }
                });
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            assertThat(receive(partner)).isEqualTo(Received.all(bytes));
            partner.close();
        }
        assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        everythingCompleted();
    }

    @Test
    void a_partner_may_answer_the_end_of_a_download_by_closing_only() throws Exception {
        tlsEndsAtTheAgent(LONG);
        var sent =
                async(() -> {
                    try (Socket accepted = accepted()) {
                        send(accepted, MIB);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    }
                });
        try (Socket plain = plainPartner()) {
            assertThat(receive(secure(plain))).isEqualTo(Received.all(MIB));
        }
        assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        everythingCompleted();
    }

    @Test
    void a_partner_that_waits_for_our_close_notify_gets_it() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            Socket accepted = accepted();
            partner.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.IN_ORDER);
            accepted.close();
            assertThat(endOf(partner)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4 * MIB, 64 * MIB})
    void after_a_half_close_the_other_direction_still_carries_everything(int bytes)
            throws Exception {
        tlsEndsAtTheAgent(LONG);
        Assumptions.assumeTrue(version.equals("TLSv1.3"), "TLS 1.2 has no half-close");
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            var served =
                    async(() -> {
                        try (Socket accepted = accepted()) {
                            Received received = receive(accepted);
                            send(accepted, bytes);
                            return received;
                        }
                    });
            var sent =
                    async(() -> {
                        send(partner, bytes);
                        partner.shutdownOutput();
                        return true;
                    });
            assertThat(receive(partner)).isEqualTo(Received.all(bytes));
            assertThat(of(served)).isEqualTo(Received.all(bytes));
            of(sent);
        }
        everythingCompleted();
    }

    @Test
    void the_origins_end_leaves_the_other_direction_open() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            try (Socket accepted = accepted()) {
                accepted.shutdownOutput();
                assertThat(partner.getInputStream().read()).isEqualTo(-1);
                if (version.equals("TLSv1.3")) {
                    send(partner, 4 * BLOCK.length);
                    partner.shutdownOutput();
                    assertThat(receive(accepted)).isEqualTo(Received.all(4 * BLOCK.length));
                } else {
                    assertThat(receive(accepted)).isEqualTo(Received.all(0));
                }
            }
        }
        everythingCompleted();
    }

    @Test
    void a_conversation_may_end_without_close_notify_where_that_is_allowed() throws Exception {
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsPartner(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.PARTNER_RESET, "the partner");
                        tls.acceptEndWithoutCloseNotify();
                        tls.startTls(server.newSession().newEngine(), LONG, () -> {});
                        return tls;
                    }
                });
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            send(partner, MIB);
            plain.shutdownOutput();
            try (Socket accepted = accepted()) {
                assertThat(receive(accepted)).isEqualTo(Received.all(MIB));
                send(accepted, 1);
                assertThat(partner.getInputStream().readNBytes(1)).hasSize(1);
            }
            assertThat(endOf(partner)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    @Test
    void a_partner_that_does_not_read_stops_the_origin_within_the_memory_bound() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            plain.setReceiveBufferSize(64 * 1024);
            SSLSocket partner = secure(plain);
            Socket accepted = accepted();
            var flood =
                    async(() -> {
                        send(accepted, 512 * MIB);
                        return true;
                    });
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(new StoppedGrowing());
            assertThat(flood).isNotDone();
            assertThat(partner.getInputStream().readNBytes(16 * MIB)).hasSize(16 * MIB);
            accepted.close();
        }
    }

    private final class StoppedGrowing implements Callable<Boolean> {
        private long last = -1;

        @Override
        public Boolean call() {
            long now = chain.gatewayRelays.getFirst().bytesFromOrigin();
            boolean same = now == last;
            last = now;
            return same;
        }
    }

    @Test
    void an_origin_that_does_not_read_stops_the_partner_within_the_memory_bound() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            var flood =
                    async(() -> {
                        send(partner, 64 * MIB);
                        partner.shutdownOutput();
                        return true;
                    });
            assertThat(accepted.getInputStream().readNBytes(1)).hasSize(1);
            assertThat(flood).isNotDone();
            assertThat(receive(accepted).bytes()).isEqualTo(64L * MIB - 1);
            of(flood);
        }
    }

    @Test
    void an_origin_that_floods_during_the_handshake_is_not_read_on() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            var flood =
                    async(() -> {
                        send(accepted, 64 * MIB);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    });
            assertThatThrownBy(() -> flood.get(500, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            SSLSocket partner = secure(plain);
            assertThat(receive(partner)).isEqualTo(Received.all(64 * MIB));
            partner.close();
            plain.shutdownOutput();
            assertThat(of(flood)).isEqualTo(End.IN_ORDER);
        }
        everythingCompleted();
    }

    @Test
    void bytes_go_both_ways_at_once() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            var up =
                    async(() -> {
                        send(partner, 16 * MIB);
                        return true;
                    });
            var down =
                    async(() -> {
                        send(accepted, 16 * MIB);
                        return true;
                    });
            var atOrigin = async(() -> accepted.getInputStream().readNBytes(16 * MIB).length);
            assertThat(partner.getInputStream().readNBytes(16 * MIB)).hasSize(16 * MIB);
            assertThat(of(atOrigin)).isEqualTo(16 * MIB);
            of(up);
            of(down);
        }
    }

    @Test
    void a_plain_leg_goes_over_to_TLS_when_it_is_told_to() throws Exception {
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        var started = new CompletableFuture<TlsLeg>();
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsPartner(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.PARTNER_RESET, "the partner");
                        started.complete(tls);
                        return tls;
                    }
                });
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            send(plain, 10);
            assertThat(accepted.getInputStream().readNBytes(10)).hasSize(10);
            send(accepted, 20);
            assertThat(plain.getInputStream().readNBytes(20)).hasSize(20);
            TlsLeg leg = of(started);
            leg.loop()
                    .submit(() -> leg.startTls(server.newSession().newEngine(), LONG, () -> {}))
                    .get();
            SSLSocket partner = secure(plain);
            send(partner, MIB);
            assertThat(accepted.getInputStream().readNBytes(MIB)).hasSize(MIB);
            send(accepted, MIB);
            assertThat(partner.getInputStream().readNBytes(MIB)).hasSize(MIB);
            partner.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.IN_ORDER);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void an_upload_to_an_origin_with_TLS_arrives_whole(int bytes) throws Exception {
        tlsTowardsTheOrigin("localhost");
        try (Socket partner = plainPartner()) {
            var sent =
                    async(() -> {
                        send(partner, bytes);
                        partner.shutdownOutput();
                        return endOf(partner);
                    });
            SSLSocket accepted = acceptedSecurely();
            assertThat(receive(accepted)).isEqualTo(Received.all(bytes));
            accepted.close();
            assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        }
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.COMPLETED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 * MIB, 64 * MIB})
    void a_download_from_an_origin_with_TLS_arrives_whole(int bytes) throws Exception {
        tlsTowardsTheOrigin("localhost");
        try (Socket partner = plainPartner()) {
            var sent =
                    async(() -> {
                        SSLSocket accepted = acceptedSecurely();
                        send(accepted, bytes);
                        accepted.shutdownOutput();
                        return endOf(accepted);
                    });
            assertThat(receive(partner)).isEqualTo(Received.all(bytes));
            partner.shutdownOutput();
            assertThat(of(sent)).isEqualTo(End.IN_ORDER);
        }
    }
}
