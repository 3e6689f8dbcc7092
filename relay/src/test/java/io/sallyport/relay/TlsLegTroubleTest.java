package io.sallyport.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.EndReason;
import io.sallyport.relay.tls.FtpsServer;
import io.sallyport.relay.tls.TlsLeg;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a leg with TLS promises when a connection is cut or a peer is not the right one. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ParameterizedClass
@MethodSource("ways")
@Timeout(60)
class TlsLegTroubleTest extends TlsChain {
    TlsLegTroubleTest(ChannelKind kind, String version) {
        super(kind, version);
    }

    @Test
    void what_can_not_be_sent_after_a_partners_TLS_1_2_has_ended_resets_both_sides()
            throws Exception {
        tlsEndsAtTheAgent(LONG);
        Assumptions.assumeTrue(version.equals("TLSv1.2"), "TLS 1.3 has half-close");
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            partner.shutdownOutput();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            send(accepted, 1);
            assertThat(endOf(partner)).isEqualTo(End.RESET);
            assertThatThrownBy(() -> send(accepted, 16 * MIB)).isInstanceOf(IOException.class);
        }
        assertThat(ended(chain.endedAtAgent))
                .isEqualTo(
                        new Chain.Ended(
                                EndReason.PARTNER_RESET,
                                "the partner can't be sent the rest: it had ended its TLS 1.2"
                                        + " connection"));
    }

    @Test
    void an_upload_that_ends_without_close_notify_makes_the_origin_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            send(partner, BLOCK.length);
            accepted.getInputStream().readNBytes(BLOCK.length);
            plain.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
            assertThat(endOf(plain)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent))
                .isEqualTo(
                        new Chain.Ended(
                                EndReason.PARTNER_RESET,
                                "the partner ended its TLS connection without close_notify: it was"
                                        + " cut"));
    }

    @Test
    void a_partner_that_resets_an_upload_makes_the_origin_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        Socket plain = plainPartner();
        try (Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            send(partner, BLOCK.length);
            accepted.getInputStream().readNBytes(BLOCK.length);
            plain.setSoLinger(true, 0);
            plain.close();
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
        }
    }

    @Test
    void an_origin_that_resets_a_download_makes_the_partner_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner()) {
            SSLSocket partner = secure(plain);
            Socket accepted = accepted();
            send(accepted, BLOCK.length);
            partner.getInputStream().readNBytes(BLOCK.length);
            accepted.setSoLinger(true, 0);
            accepted.close();
            assertThat(endOf(partner)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.ORIGIN_RESET);
    }

    @Test
    void a_data_channel_that_is_cut_resets_partner_and_origin() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            SSLSocket partner = secure(plain);
            send(partner, BLOCK.length);
            accepted.getInputStream().readNBytes(BLOCK.length);
            var channel = chain.dataChannels.getFirst();
            // In order, as TCP sees it.
            channel.eventLoop()
                    .execute(() -> {
                        channel.lingerOnClose();
                        channel.unsafe().close(channel.voidPromise());
                    });
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
            if (kind == ChannelKind.ENCRYPTED) {
                assertThat(endOf(partner)).isEqualTo(End.RESET);
            }
        }
    }

    @Test
    void a_partner_that_does_not_speak_TLS_is_told_an_alert_and_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket partner = plainPartner();
                Socket accepted = accepted()) {
            partner.getOutputStream()
                    .write("USER anonymous\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
            assertThat(partner.getInputStream().readNBytes(1)).containsExactly(21);
        }
        assertThat(ended(chain.endedAtAgent).why()).startsWith("the partner does not speak TLS: ");
    }

    @Test
    void a_partner_that_breaks_off_the_handshake_makes_the_origin_see_a_reset() throws Exception {
        tlsEndsAtTheAgent(LONG);
        try (Socket partner = plainPartner();
                Socket accepted = accepted()) {
            partner.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1});
            partner.shutdownOutput();
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent).why())
                .isEqualTo("the partner closed the connection during the TLS handshake");
    }

    @Test
    void a_handshake_that_takes_too_long_resets_both_sides() throws Exception {
        tlsEndsAtTheAgent(Duration.ofSeconds(1));
        try (Socket partner = plainPartner();
                Socket accepted = accepted()) {
            partner.getOutputStream().write(new byte[] {22, 3, 1, 0, 100, 1});
            assertThat(endOf(accepted)).isEqualTo(End.RESET);
        }
        assertThat(ended(chain.endedAtAgent).why())
                .startsWith("the partner did not finish the TLS handshake within 1 s");
    }

    @Test
    void a_partner_that_is_refused_after_the_handshake_was_sent_nothing() throws Exception {
        var server = FtpsServer.of(certificates.gateway, certificates.gatewayKey, null);
        chain(
                new Chain.Wrapping() {
                    @Override
                    public Leg towardsPartner(Leg leg) {
                        var tls = new TlsLeg(leg, EndReason.PARTNER_RESET, "the partner");
                        tls.startTls(
                                server.newSession().newEngine(),
                                LONG,
                                () -> tls.lose("is not the right one"));
                        return tls;
                    }
                });
        try (Socket plain = plainPartner();
                Socket accepted = accepted()) {
            send(accepted, BLOCK.length);
            await().until(() -> !chain.gatewayRelays.isEmpty());
            assertThatThrownBy(() -> secure(plain).getInputStream().readNBytes(1))
                    .isInstanceOf(IOException.class);
        }
        assertThat(ended(chain.endedAtAgent).why()).isEqualTo("the partner is not the right one");
    }

    @Test
    void a_download_that_the_origin_ends_without_close_notify_makes_the_partner_see_a_reset()
            throws Exception {
        tlsTowardsTheOrigin("localhost");
        try (Socket partner = plainPartner()) {
            Socket plain = accepted();
            var sent =
                    async(() -> {
                        var accepted = secureAtOrigin(plain);
                        send(accepted, BLOCK.length);
                        plain.shutdownOutput();
                        return true;
                    });
            assertThat(endOf(partner)).isEqualTo(End.RESET);
            of(sent);
        }
        assertThat(ended(chain.endedAtAgent).reason()).isEqualTo(EndReason.ORIGIN_RESET);
    }

    @Test
    void an_origin_with_another_name_gets_nothing_and_the_partner_a_reset() throws Exception {
        tlsTowardsTheOrigin("elsewhere.example");
        try (Socket partner = plainPartner()) {
            send(partner, 1);
            var served = async(() -> receive(acceptedSecurely()));
            assertThat(endOf(partner)).isEqualTo(End.RESET);
            assertThatThrownBy(() -> of(served)).hasCauseInstanceOf(IOException.class);
        }
        assertThat(ended(chain.endedAtAgent).why())
                .startsWith("the origin shows a certificate for other names: ");
    }
}
