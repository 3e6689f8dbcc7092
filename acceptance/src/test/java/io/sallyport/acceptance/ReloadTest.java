package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Signal;
import io.sallyport.acceptance.product.Words;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** SIGHUP at the agent changes what differs, or nothing at all. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class ReloadTest {
    private final TcpOrigin echo = TcpOrigin.echo();
    private final TcpOrigin other = TcpOrigin.saying("the other one");
    private final Encryption encryption;
    private Deployment deployment;
    private Footprint before;

    ReloadTest(Encryption encryption) {
        this.encryption = encryption;
    }

    @BeforeEach
    void start(@TempDir Path directory) {
        deployment =
                new Deployment(directory, encryption)
                        .services(
                                Service.of("stays", echo.port()),
                                Service.of("changes", echo.port()),
                                Service.of("goes", echo.port()))
                        .start();
        before = deployment.footprint();
    }

    @AfterEach
    void close() {
        deployment.close();
        echo.close();
        other.close();
    }

    @Test
    void listeners_are_added_changed_and_removed_and_sessions_of_others_go_on() {
        int staying = deployment.port("stays");
        int going = deployment.port("goes");
        try (var running = Partner.connect(staying)) {
            running.echo("before");

            deployment
                    .withoutService("goes")
                    .services(Service.of("changes", other.port()), Service.of("comes", echo.port()))
                    .reload();
            deployment.awaitServing();

            running.echo("after");
            assertThat(deployment.port("stays")).isEqualTo(staying);
            assertThat(listens(going)).isFalse();
            try (var partner = Partner.connect(deployment.port("comes"))) {
                partner.echo("new");
            }
            try (var partner = Partner.connect(deployment.port("changes"))) {
                assertThat(partner.receive(13)).asString().isEqualTo("the other one");
            }
        }
        deployment.awaitBackAt(before);
    }

    @Test
    void a_listener_that_moves_serves_at_its_new_place_and_no_longer_at_its_old_one() {
        int oldPort = deployment.port("changes");
        deployment.services(Service.of("changes", echo.port()).listen("127.0.0.2:0")).reload();

        await().until(() ->
                deployment.listeners("changes").getFirst().bound().startsWith("127.0.0.2:"));

        assertThat(listens(oldPort)).isFalse();
    }

    @Test
    void a_listener_that_moves_from_one_address_to_all_finds_its_port_free() {
        int port = Ports.free();
        deployment
                .services(Service.of("changes", echo.port()).listen("127.0.0.1:" + port))
                .reload();
        awaitBoundAt("127.0.0.1:" + port);

        deployment.services(Service.of("changes", echo.port()).listen("0.0.0.0:" + port)).reload();
        awaitBoundAt("0.0.0.0:" + port);

        assertThat(
                        deployment
                                .gateway()
                                .log()
                                .events(event -> event.event().equals(Words.LISTENER_FAILED)))
                .isEmpty();
    }

    private void awaitBoundAt(String endpoint) {
        await().ignoreExceptions()
                .until(() -> deployment.listeners("changes").getFirst().bound().equals(endpoint));
    }

    @Test
    void publishing_the_same_again_changes_nothing() {
        var listeners = deployment.gatewayStatus().listeners();
        try (var running = Partner.connect(deployment.port("stays"))) {
            running.echo("before");
            int mark = deployment.agent().log().size();

            deployment.reload();

            deployment.agent().log().awaitEventAfter(mark, "a reload", ReloadTest::isReload);
            running.echo("after");
            assertThat(deployment.gatewayStatus().listeners()).isEqualTo(listeners);
        }
        deployment.awaitBackAt(before);
    }

    @Test
    void a_bad_file_is_refused_whole_and_the_log_says_where_and_why() {
        var listeners = deployment.gatewayStatus().listeners();
        try (var running = Partner.connect(deployment.port("stays"))) {
            running.echo("before");
            int mark = deployment.agent().log().size();

            deployment.services(Service.of("comes", echo.port()));
            deployment.write(
                    "agent.yaml",
                    deployment.agentYaml().replaceFirst("(?m)^    origin:", "    orign:"));
            deployment.agent().signal(Signal.HUP);

            LogEvent refusal =
                    deployment
                            .agent()
                            .log()
                            .awaitEventAfter(mark, "a refused file", LogEvent::isProblem);
            assertThat(refusal.line()).contains("agent.yaml").contains("orign").contains("origin");
            running.echo("after");
            assertThat(deployment.gatewayStatus().listeners()).isEqualTo(listeners);
        }
        deployment.awaitBackAt(before);
    }

    private static boolean isReload(LogEvent event) {
        return event.event().equals("configuration applied");
    }

    private static boolean listens(int port) {
        try (var partner = Partner.connect(port)) {
            return partner.address().getPort() > 0;
        } catch (UncheckedIOException refused) {
            return false;
        }
    }
}
