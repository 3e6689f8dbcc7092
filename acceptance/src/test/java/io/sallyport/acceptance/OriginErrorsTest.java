package io.sallyport.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.SilentHost;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.LogEvent;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.Service;
import io.sallyport.acceptance.product.Stage;
import io.sallyport.acceptance.product.Words;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** An origin that does not take a session: the partner learns it at once, the log says why. */
@ParameterizedClass
@EnumSource
@DisplayNameGeneration(ReplaceUnderscores.class)
class OriginErrorsTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final int nobodysPort = Ports.free();
    private static final SilentHost silent = new SilentHost();

    @RegisterExtension
    private static final Stage stage =
            new Stage(deployment ->
                    deployment.services(
                            Service.of("refusing", nobodysPort),
                            Service.of("silent", silent.port())
                                    .with("connect-timeout", CONNECT_TIMEOUT.toSeconds() + "s"),
                            Service.of("nameless", 22).origin("no-such-host.invalid:22")));

    OriginErrorsTest(Encryption encryption) {
        stage.use(encryption);
    }

    @AfterAll
    static void closeOrigin() {
        silent.close();
    }

    @Test
    void a_refused_connection_resets_the_partner_at_once_and_is_logged_with_its_origin() {
        assertThat(timeToReset("refusing")).isLessThan(AT_ONCE);

        assertLogged("refusing", "127.0.0.1:" + nobodysPort, "origin-refused");
    }

    @Test
    void an_origin_that_does_not_answer_resets_the_partner_after_the_connect_timeout() {
        assertThat(timeToReset("silent"))
                .isBetween(CONNECT_TIMEOUT.minusMillis(200), CONNECT_TIMEOUT.plus(AT_ONCE));

        assertLogged("silent", "127.0.0.1:" + silent.port(), "origin-timeout");
    }

    @Test
    void an_origin_whose_name_is_not_known_resets_the_partner_and_is_logged_with_its_name() {
        assertThat(timeToReset("nameless")).isLessThan(Duration.ofSeconds(15));

        assertLogged("nameless", "no-such-host.invalid:22", "origin-");
    }

    private Duration timeToReset(String service) {
        long start = System.nanoTime();
        try (var partner = Partner.connect(stage.port(service))) {
            assertThat(partner.receiveAll().ending()).isEqualTo(Ending.RESET);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private void assertLogged(String service, String origin, String reason) {
        LogEvent ended =
                stage.deployment()
                        .agent()
                        .log()
                        .awaitEvent(
                                "the end of the session",
                                event ->
                                        event.event().equals(Words.SESSION_ENDED)
                                                && event.field(Words.SERVICE).equals(service));
        assertThat(ended.field(Words.ORIGIN)).contains(origin);
        assertThat(ended.field(Words.REASON)).startsWith(reason);
        assertThat(ended.field(Words.PARTNER)).startsWith("127.0.0.1:");
    }
}
