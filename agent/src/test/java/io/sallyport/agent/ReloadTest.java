package io.sallyport.agent;

import static io.sallyport.agent.peer.Configuration.files;
import static io.sallyport.agent.peer.Configuration.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.config.ServiceConfig.ProxyProtocol;
import io.sallyport.agent.config.ServiceConfig.ServiceProtocol;
import io.sallyport.agent.peer.Configuration;
import io.sallyport.agent.peer.FakeGateway;
import io.sallyport.agent.peer.Origin;
import io.sallyport.process.OperatorException;
import io.sallyport.process.TlsFiles;
import io.sallyport.protocol.ControlMessage.Goodbye;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.ServiceSpec;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReloadTest extends AgentBench {

    @Test
    void services_that_differ_are_published_with_a_higher_revision() throws Exception {
        Configuration before = configuration(files(echo.address()));
        var control = connected(before);

        agent.reload(before.serving(files(echo.address()), web()).build());

        Publish document = control.next(Publish.class);
        assertThat(document.revision()).isEqualTo(2);
        assertThat(document.services())
                .extracting(ServiceSpec::name)
                .containsExactly("files", "web");
    }

    @Test
    void services_that_do_not_differ_are_not_published() throws Exception {
        Configuration before = configuration(files(echo.address()));
        var control = connected(before);

        agent.reload(before.build());
        agent.reload(before.serving(web()).build());

        assertThat(control.next(Publish.class).services())
                .extracting(ServiceSpec::name)
                .containsExactly("web");
    }

    @Test
    void where_an_origin_is_stays_with_the_agent_and_counts_for_new_sessions() throws Exception {
        Configuration before = configuration(files(echo.address()));
        var control = connected(before);
        var running = session(control, "files");
        running.awaitOpened();

        try (var other = new Origin()) {
            agent.reload(before.serving(files(other.address())).build());
            session(control, "files");

            assertThat(other.accept().isConnected()).isTrue();
        }
        assertThat(control.hasAnotherMessage()).isFalse();
        running.send("still here");
        await().untilAsserted(() -> assertThat(running.received()).isEqualTo("still here"));
    }

    @Test
    void a_session_of_a_service_that_is_removed_goes_on() throws Exception {
        Configuration before = configuration(files(echo.address()));
        var control = connected(before);
        var session = session(control, "files");
        session.awaitOpened();

        agent.reload(before.serving().build());

        assertThat(control.next(Publish.class).services()).isEmpty();
        session.send("still here");
        await().untilAsserted(() -> assertThat(session.received()).isEqualTo("still here"));
    }

    @Test
    void a_gateway_that_is_added_is_dialed() throws Exception {
        Configuration before = configuration(files(echo.address()));
        connected(before);
        try (var other = new FakeGateway(certificates.gateway("dmz-2"))) {
            agent.reload(before.dialing(gateway.address(), other.address()).build());

            assertThat(other.control().welcomeAndPublish().services()).hasSize(1);
            assertThat(gateway.hasAnotherControl()).isFalse();
            agent.close();
        }
    }

    @Test
    void a_gateway_that_is_removed_closes_the_listeners_and_its_sessions_go_on() throws Exception {
        Configuration before = configuration(files(echo.address()));
        var control = connected(before);
        var session = session(control, "files");
        session.awaitOpened();

        agent.reload(before.dialing().build());

        assertThat(control.next(Publish.class).services()).isEmpty();
        control.next(Goodbye.class);
        control.awaitClosed();
        session.send("still here");
        await().untilAsserted(() -> assertThat(session.received()).isEqualTo("still here"));
    }

    @Test
    void a_new_certificate_counts_for_connections_made_from_then_on() throws Exception {
        Configuration before = configuration(files(echo.address()));
        var control = connected(before);
        TlsFiles renewed = certificates.agent("inside-renewed");

        agent.reload(Configuration.of(renewed, gateway.address(), files(echo.address())).build());
        control.cut();

        assertThat(gateway.control().agent()).isEqualTo("inside-renewed");
    }

    @Test
    void a_configuration_that_can_not_be_used_is_refused_whole() throws Exception {
        Configuration before = configuration(files(echo.address()));
        var control = connected(before);
        var missing = new TlsFiles(Path.of("no.crt"), Path.of("no.key"), Path.of("no-ca.crt"));

        assertThatThrownBy(() ->
                        agent.reload(Configuration.of(missing, gateway.address(), web()).build()))
                .isInstanceOf(OperatorException.class)
                .hasMessageStartingWith(
                        "agent.tls: the certificate, key or trust can't be used: no.crt");

        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(2))
                .until(() -> !control.hasAnotherMessage());
        session(control, "files").awaitOpened();
    }

    private ServiceConfig web() {
        return service("web", ServiceProtocol.HTTP, echo.address(), ProxyProtocol.NONE);
    }
}
