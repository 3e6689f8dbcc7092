package io.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.peer.Certificates;
import io.sallyport.agent.peer.Configuration;
import io.sallyport.agent.peer.FakeGateway;
import io.sallyport.agent.peer.Origin;
import io.sallyport.agent.peer.TlsOrigin;
import io.sallyport.process.HostPort;
import io.sallyport.process.TlsFiles;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** Why a gateway can't be used: each reason is told apart, in one sentence. */
class GatewayRefusalTest extends AgentBench {

    @Test
    void its_certificate_is_of_another_authority() throws Exception {
        var others = new Certificates(folder.resolve("others"));
        try (var stranger = new FakeGateway(others.gateway("dmz-1"))) {
            assertThat(faultOf(stranger.address()))
                    .isEqualTo(
                            "gateway "
                                    + stranger.address()
                                    + " shows a certificate that agent.tls.trust does not vouch"
                                    + " for: both sides need certificates of the same authority");
        }
    }

    @Test
    void its_certificate_is_for_another_name() throws Exception {
        try (var misnamed = new FakeGateway(certificates.gatewayNamed("dmz.example"))) {
            assertThat(faultOf(misnamed.address()))
                    .isEqualTo(
                            "gateway "
                                    + misnamed.address()
                                    + " shows a certificate for other names: it must name"
                                    + " 127.0.0.1 as a subject alternative name");
        }
    }

    @Test
    void its_certificate_has_expired() throws Exception {
        Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);
        try (var expired = new FakeGateway(certificates.gateway("dmz-old", yesterday))) {
            assertThat(faultOf(expired.address()))
                    .isEqualTo(
                            "gateway "
                                    + expired.address()
                                    + " shows a certificate that has expired: it needs a new one");
        }
    }

    @Test
    void it_does_not_take_the_agents_certificate() throws Exception {
        var others = new Certificates(folder.resolve("others"));
        var stranger = others.agent("inside-1");
        var mixed =
                new TlsFiles(
                        stranger.certificate(),
                        stranger.key(),
                        certificates.agent("inside-2").trust());

        agent = Agent.start(Configuration.of(mixed, gateway.address()).build());

        assertThat(log.awaitLine("gateway not reached").field("error"))
                .isEqualTo(
                        "the connection was lost: gateway "
                                + gateway.address()
                                + " ended the TLS handshake (internal error): most likely it does"
                                + " not trust the agent's certificate: check agent.tls.certificate"
                                + " and the trust of the gateway");
    }

    @Test
    void it_speaks_tls_but_is_something_else() throws Exception {
        try (var web = new TlsOrigin(certificates.gateway("web"))) {
            assertThat(faultOf(web.address()))
                    .isEqualTo(
                            "what answers at "
                                    + web.address()
                                    + " speaks TLS, but is not a sallyport gateway");
        }
    }

    @Test
    void it_does_not_speak_tls() throws Exception {
        try (var ssh = Origin.saying("SSH-2.0-OpenSSH_9.9\r\n")) {
            assertThat(faultOf(ssh.address()))
                    .isEqualTo(
                            "what answers at "
                                    + ssh.address()
                                    + " does not speak TLS: it is not a sallyport gateway");
        }
    }

    @Test
    void it_does_not_finish_the_handshake() throws Exception {
        try (var silent = new Origin()) {
            agent =
                    Agent.start(
                            Configuration.of(certificates.agent("inside-1"), silent.address())
                                    .waiting(Duration.ofMillis(300))
                                    .build());

            assertThat(log.awaitLine("gateway not reached").field("error"))
                    .isEqualTo(
                            "gateway "
                                    + silent.address()
                                    + " accepted the connection, but did not finish the TLS"
                                    + " handshake");
        }
    }

    private String faultOf(HostPort dialed) throws Exception {
        agent = Agent.start(Configuration.of(certificates.agent("inside-1"), dialed).build());
        return log.awaitLine("gateway not reached").field("error");
    }
}
