package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Status;
import io.sallyport.acceptance.product.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listener that can't be opened is told to the one who asked for it, and harms no other. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ListenerErrorsTest {
    private final TcpOrigin echo = TcpOrigin.echo();
    private Deployment deployment;

    @BeforeEach
    void prepare(@TempDir Path directory) {
        deployment =
                new Deployment(directory, Encryption.ALWAYS)
                        .services(Service.of("good", echo.port()));
    }

    @AfterEach
    void close() {
        deployment.close();
        echo.close();
    }

    @Test
    void a_port_in_use_is_told_by_listener() {
        try (var taken = TcpOrigin.sink()) {
            String listener = "127.0.0.1:" + taken.port();
            deployment.services(Service.of("bad", echo.port()).listen(listener));

            startBoth();

            assertToldByListener("bad", listener, "in use");
        }
    }

    @Test
    void a_listener_that_policy_refuses_is_told_by_listener() {
        deployment
                .allowingListeners("[\"127.0.0.1:1-65535\"]")
                .services(Service.of("bad", echo.port()).listen("127.0.0.2:17022"));

        startBoth();

        assertToldByListener("bad", "127.0.0.2:17022", "policy");
    }

    @Test
    void an_address_that_is_not_the_gateways_is_told_by_listener() {
        deployment.services(Service.of("bad", echo.port()).listen("192.0.2.1:17022"));

        startBoth();

        assertToldByListener("bad", "192.0.2.1:17022", "192.0.2.1");
    }

    @Test
    void a_privileged_port_is_told_by_listener() throws IOException {
        assumeTrue(!System.getProperty("user.name").equals("root"), "root may listen on any port");
        String firstFree =
                Files.readString(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"));
        assumeTrue(Integer.parseInt(firstFree.strip()) > 87, "nobody here needs a privilege");
        deployment.services(Service.of("bad", echo.port()).listen("127.0.0.1:87"));

        startBoth();

        assertToldByListener("bad", "127.0.0.1:87", "1024");
    }

    private void startBoth() {
        deployment.startGateway();
        deployment.startAgent();
    }

    /**
     * @param word what the reason has to name
     */
    private void assertToldByListener(String service, String listener, String word) {
        LogEvent said =
                deployment
                        .agent()
                        .log()
                        .awaitEvent(
                                "listener failed",
                                event -> event.event().equals(Words.LISTENER_FAILED));
        assertThat(said.isProblem()).isTrue();
        assertThat(said.field(Words.SERVICE)).isEqualTo(service);
        assertThat(said.line()).contains(listener).contains(word);

        for (Status status : new Status[] {deployment.agentStatus(), deployment.gatewayStatus()}) {
            assertThat(status.listeners())
                    .filteredOn(one -> one.service().equals(service))
                    .singleElement()
                    .satisfies(one -> {
                        assertThat(one.isOpen()).isFalse();
                        assertThat(one.requested()).isEqualTo(listener);
                        assertThat(one.error()).contains(word);
                    });
        }
        await().until(() -> deployment.listeners("good").getFirst().isOpen());
        try (var partner = Partner.connect(deployment.port("good"))) {
            partner.echo("unharmed");
        }
    }
}
