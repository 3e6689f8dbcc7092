package io.sallyport.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.gateway.config.GatewayLimits;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SessionLimitsTest {
    private static final InetAddress PARTNER = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("192.0.2.2");

    private static SessionLimits limits(int sessions, int perAddress, int perSecond) {
        return new SessionLimits(
                new GatewayLimits(
                        sessions,
                        perAddress,
                        perSecond,
                        10,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        10,
                        10,
                        Duration.ofSeconds(1),
                        10));
    }

    @Test
    void sessions_in_all_are_bounded_and_an_end_makes_room() {
        var limits = limits(1, 10, 10);
        assertThat(limits.begin(PARTNER, "a/files", 10)).isNull();
        assertThat(limits.begin(OTHER, "a/files", 10)).contains("limits.sessions (1)");
        limits.end(PARTNER, "a/files");
        assertThat(limits.begin(OTHER, "a/files", 10)).isNull();
    }

    @Test
    void sessions_of_a_service_are_bounded() {
        var limits = limits(10, 10, 10);
        assertThat(limits.begin(PARTNER, "a/files", 1)).isNull();
        assertThat(limits.begin(OTHER, "a/files", 1)).contains("max-sessions");
        assertThat(limits.begin(OTHER, "a/web", 1)).isNull();
    }

    @Test
    void sessions_of_one_address_are_bounded() {
        var limits = limits(10, 1, 10);
        assertThat(limits.begin(PARTNER, "a/files", 10)).isNull();
        assertThat(limits.begin(PARTNER, "a/files", 10)).contains("sessions-per-address");
        assertThat(limits.begin(OTHER, "a/files", 10)).isNull();
    }

    @Test
    void an_ipv6_host_counts_by_its_network_of_64_bits() {
        var limits = limits(10, 1, 10);
        assertThat(limits.begin(InetAddress.ofLiteral("2001:db8::1"), "a/files", 10)).isNull();
        assertThat(limits.begin(InetAddress.ofLiteral("2001:db8::2"), "a/files", 10)).isNotNull();
        assertThat(limits.begin(InetAddress.ofLiteral("2001:db8:0:1::1"), "a/files", 10)).isNull();
    }

    @Test
    void sessions_that_one_address_begins_within_a_second_are_bounded() {
        var limits = limits(10, 10, 1);
        assertThat(limits.begin(PARTNER, "a/files", 10)).isNull();
        assertThat(limits.begin(PARTNER, "a/files", 10)).contains("per-second");
        limits.tick();
        assertThat(limits.begin(PARTNER, "a/files", 10)).isNull();
    }

    @Test
    void a_refused_session_is_not_counted() {
        var limits = limits(1, 10, 10);
        assertThat(limits.begin(PARTNER, "a/files", 10)).isNull();
        limits.begin(PARTNER, "a/files", 10);
        assertThat(limits.sessions()).isEqualTo(1);
    }
}
