package io.sallyport.process.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What partners are shown, and the authorities that origins are checked against. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ServerFilesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private Instant now = Instant.now();

    @BeforeAll
    static void makeCertificates() throws IOException, GeneralSecurityException {
        var authority = new TestAuthority(folder);
        authority.authority("ca", 10);
        authority.authority("old-ca", 2);
        authority.identity("gateway", "EC", "ca", "eku=serverAuth", "san=dns:localhost");
        authority.identity("agent", "EC", "ca", "eku=clientAuth");
        authority.identity("other", "RSA", "old-ca");
    }

    private List<String> serverFaults(String certificate, String key)
            throws IOException, ConfigurationException {
        return Faults.of(
                folder,
                "certificate: %s.crt\nkey: %s.key\n".formatted(certificate, key),
                tls ->
                        Identity.checkServer(
                                tls.value("certificate", Values.FILE),
                                tls.value("key", Values.FILE),
                                tls,
                                now));
    }

    private List<String> authorityFaults(String authority)
            throws IOException, ConfigurationException {
        return Faults.of(
                folder,
                "origin-ca: %s.crt\n".formatted(authority),
                section ->
                        Identity.checkAuthorities(
                                section.value("origin-ca", Values.FILE),
                                "origin-ca",
                                section,
                                now));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "other"})
    void partners_may_be_shown_a_certificate_of_whichever_authority(String name) throws Exception {
        assertThat(serverFaults(name, name)).isEmpty();
    }

    @Test
    void a_certificate_for_clients_is_none_for_partners() throws Exception {
        assertThat(serverFaults("agent", "agent"))
                .containsExactly(
                        "1: certificate: agent.crt is not made for this: its extended key usage"
                                + " lacks serverAuth");
    }

    @Test
    void what_partners_are_shown_must_be_a_pair() throws Exception {
        assertThat(serverFaults("gateway", "agent"))
                .containsExactly("2: key: agent.key is not the key of gateway.crt: name the pair");
        assertThat(serverFaults("no", "no"))
                .containsExactlyInAnyOrder(
                        "1: certificate: there is no file no.crt",
                        "2: key: there is no file no.key");
    }

    @Test
    void partners_are_not_shown_an_expired_certificate() throws Exception {
        now = now.plus(Duration.ofDays(11));

        assertThat(serverFaults("gateway", "gateway"))
                .singleElement()
                .asString()
                .matches("1: certificate: gateway.crt expired on \\d{4}-.*Z: renew it");
    }

    @Test
    void an_authority_is_looked_at_alone() throws Exception {
        assertThat(authorityFaults("ca")).isEmpty();
        assertThat(authorityFaults("no")).containsExactly("1: origin-ca: there is no file no.crt");
    }

    @Test
    void one_authority_that_has_not_expired_is_enough() throws Exception {
        String both = TestAuthority.joined(folder, "old-ca", "ca");
        now = now.plus(Duration.ofDays(3));

        assertThat(authorityFaults(both)).isEmpty();
        assertThat(authorityFaults("old-ca"))
                .singleElement()
                .asString()
                .startsWith("1: origin-ca: old-ca.crt expired on ");
    }
}
