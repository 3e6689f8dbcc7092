package io.sallyport.process.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.identity.Identity.Purpose;
import io.sallyport.process.yaml.ConfigurationException;
import io.sallyport.process.yaml.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IdentityTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    private Instant now = Instant.now();
    private Trust trust = Trust.COMPUTED;

    @BeforeAll
    static void makeCertificates() throws IOException, GeneralSecurityException {
        var authority = new TestAuthority(folder);
        authority.authority("ca", 10);
        authority.authority("old-ca", 2);
        authority.authority("between", 10, "-signer", "ca");
        authority.authority("renewed", 2);
        authority.authority("other", 10);
        authority.identity("gateway", "EC", "ca", "eku=serverAuth", "san=dns:localhost");
        authority.identity("agent", "EC", "ca", "eku=clientAuth");
        authority.identity("agent-rsa", "RSA", "ca");
        authority.identity("agent-ed", "Ed25519", "between", "eku=clientAuth");
        authority.identity("agent-old", "EC", "old-ca", "eku=clientAuth");
        authority.identity("agent-renewed", "EC", "renewed", "eku=clientAuth");
        Files.copy(folder.resolve("renewed.crt"), folder.resolve("was-renewed.crt"));
        authority.renew("renewed", "renewed");
    }

    private List<String> faults(
            Purpose purpose, @Nullable String name, String certificate, String key, String trust)
            throws IOException, ConfigurationException {
        return faults(
                purpose,
                name,
                "certificate: %s.crt\nkey: %s.key\ntrust: %s.crt\n"
                        .formatted(certificate, key, trust));
    }

    private List<String> faults(Purpose purpose, @Nullable String name, String yaml)
            throws IOException, ConfigurationException {
        return Faults.of(
                folder,
                yaml,
                tls -> {
                    var files =
                            new TlsFiles(
                                    tls.value("certificate", Values.FILE),
                                    tls.value("key", Values.FILE),
                                    tls.value("trust", Values.FILE));
                    Identity.check(files, purpose, name, tls, now, trust);
                });
    }

    private List<String> agentFaults(String certificate, String key, String trust)
            throws IOException, ConfigurationException {
        return faults(Purpose.AGENT, certificate, certificate, key, trust);
    }

    @Test
    void a_gateways_files_that_fit_have_no_fault() throws Exception {
        assertThat(faults(Purpose.GATEWAY, "dmz-1", "gateway", "gateway", "ca")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "agent-rsa"})
    void an_agents_files_that_fit_have_no_fault(String agent) throws Exception {
        assertThat(agentFaults(agent, agent, "ca")).isEmpty();
    }

    @Test
    void intermediate_certificates_may_follow_the_own_one() throws Exception {
        assertThat(faults(Purpose.AGENT, "agent-ed", "agent-ed-chain", "agent-ed", "ca")).isEmpty();
    }

    @Test
    void an_intermediate_certificate_may_be_younger_than_the_own_one() throws Exception {
        var authority = new TestAuthority(folder);
        authority.renew("between", "ca");
        now = Instant.now();

        assertThat(
                        faults(
                                Purpose.AGENT,
                                "agent-ed",
                                TestAuthority.joined(folder, "agent-ed", "between"),
                                "agent-ed",
                                "ca"))
                .isEmpty();
    }

    @Test
    void a_missing_intermediate_certificate_is_told() throws Exception {
        assertThat(agentFaults("agent-ed", "agent-ed", "ca"))
                .singleElement()
                .asString()
                .startsWith("1: certificate: agent-ed.crt is not signed by an authority in ca.crt");
    }

    @Test
    void an_authority_that_did_not_sign_is_told() throws Exception {
        assertThat(agentFaults("agent", "agent", "other"))
                .singleElement()
                .asString()
                .startsWith("1: certificate: agent.crt is not signed by an authority in other.crt");
    }

    @Test
    void one_of_several_authorities_is_enough() throws Exception {
        String both = TestAuthority.joined(folder, "other", "ca");

        assertThat(agentFaults("agent", "agent", both)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "agent-rsa", "agent-ed"})
    void the_key_of_another_certificate_is_told(String other) throws Exception {
        assertThat(agentFaults("agent", other, "ca"))
                .containsExactly(
                        "2: key: %s.key is not the key of agent.crt: name the pair"
                                .formatted(other));
    }

    @Test
    void a_key_that_says_its_public_part_is_known_by_it() throws Exception {
        Files.writeString(folder.resolve("said.key"), TestAuthority.keyWithPoint(folder, "agent"));
        Files.setPosixFilePermissions(
                folder.resolve("said.key"), PosixFilePermissions.fromString("rw-------"));

        assertThat(agentFaults("agent", "said", "ca")).isEmpty();
        assertThat(faults(Purpose.GATEWAY, "dmz-1", "gateway", "said", "ca"))
                .containsExactly("2: key: said.key is not the key of gateway.crt: name the pair");
    }

    @Test
    void a_glance_believes_an_authority_that_is_named_as_the_issuer() throws Exception {
        TestAuthority.damageSignature(folder, "agent", "damaged-signature");
        String[] files = {"damaged-signature", "agent", "ca"};

        assertThat(faults(Purpose.AGENT, "agent", files[0], files[1], files[2]))
                .singleElement()
                .asString()
                .startsWith("1: certificate: damaged-signature.crt is not signed by an authority");

        trust = Trust.NAMED;
        assertThat(faults(Purpose.AGENT, "agent", files[0], files[1], files[2])).isEmpty();
    }

    @Test
    void a_glance_sees_that_another_authority_is_trusted() throws Exception {
        trust = Trust.NAMED;

        assertThat(agentFaults("agent", "agent", "ca")).isEmpty();
        assertThat(agentFaults("agent", "agent", TestAuthority.joined(folder, "other", "ca")))
                .isEmpty();
        assertThat(agentFaults("agent", "agent", "other"))
                .singleElement()
                .asString()
                .startsWith("1: certificate: agent.crt is not signed by an authority in other.crt");
    }

    @Test
    void a_glance_sees_an_authority_of_the_same_name_with_another_key() throws Exception {
        trust = Trust.NAMED;
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        new TestAuthority(elsewhere).authority("ca", 10);

        assertThat(agentFaults("agent", "agent", "elsewhere/ca"))
                .singleElement()
                .asString()
                .startsWith("1: certificate: agent.crt is not signed by an authority in ");
    }

    @Test
    void a_glance_sees_an_expired_authority() throws Exception {
        trust = Trust.NAMED;
        now = now.plus(Duration.ofDays(3));

        assertThat(agentFaults("agent-old", "agent-old", "old-ca"))
                .singleElement()
                .asString()
                .startsWith("3: trust: old-ca.crt expired on ");
    }

    @Test
    void a_glance_looks_closer_where_certificates_lie_between() throws Exception {
        trust = Trust.NAMED;

        assertThat(faults(Purpose.AGENT, "agent-ed", "agent-ed-chain", "agent-ed", "ca")).isEmpty();
        assertThat(agentFaults("agent-ed", "agent-ed", "ca"))
                .singleElement()
                .asString()
                .startsWith("1: certificate: agent-ed.crt is not signed by an authority in ca.crt");
    }

    @Test
    void an_expired_certificate_is_told_with_its_date() throws Exception {
        now = now.plus(Duration.ofDays(11));

        assertThat(agentFaults("agent", "agent", "ca"))
                .singleElement()
                .asString()
                .matches("1: certificate: agent.crt expired on \\d{4}-.*Z: issue a new one with.*");
    }

    @Test
    void an_expired_authority_is_told() throws Exception {
        now = now.plus(Duration.ofDays(3));

        assertThat(agentFaults("agent-old", "agent-old", "old-ca"))
                .singleElement()
                .asString()
                .startsWith("3: trust: old-ca.crt expired on ");
    }

    @ParameterizedTest
    @EnumSource(Trust.class)
    void an_expired_authority_may_stand_beside_what_it_was_renewed_to(Trust kind) throws Exception {
        trust = kind;
        now = now.plus(Duration.ofDays(3));

        assertThat(agentFaults("agent-renewed", "agent-renewed", "was-renewed")).hasSize(1);
        assertThat(
                        agentFaults(
                                "agent-renewed",
                                "agent-renewed",
                                TestAuthority.joined(folder, "was-renewed", "renewed")))
                .isEmpty();
    }

    @Test
    void a_certificate_of_the_future_is_told_with_both_dates() throws Exception {
        now = now.minus(Duration.ofDays(2));

        assertThat(agentFaults("agent", "agent", "ca"))
                .singleElement()
                .asString()
                .matches("1: certificate: agent.crt is valid from .*Z on only: .* clock, \\d.*Z");
    }

    @Test
    void an_agents_certificate_is_none_for_a_gateway() throws Exception {
        assertThat(faults(Purpose.GATEWAY, "agent", "agent", "agent", "ca"))
                .containsExactly(
                        "1: certificate: agent.crt is not made for this: its extended key usage"
                                + " lacks serverAuth",
                        "1: certificate: agent.crt has no subject alternative names, and agents"
                                + " check them");
    }

    @Test
    void a_gateways_certificate_is_none_for_an_agent() throws Exception {
        assertThat(agentFaults("gateway", "gateway", "ca"))
                .containsExactly(
                        "1: certificate: gateway.crt is not made for this: its extended key usage"
                                + " lacks clientAuth");
    }

    @Test
    void an_agents_name_is_the_one_in_its_certificate() throws Exception {
        assertThat(faults(Purpose.AGENT, "inside-1", "agent", "agent", "ca"))
                .containsExactly(
                        "1: certificate: agent.crt is issued to 'agent', but agent.name is"
                                + " 'inside-1': gateways go by the certificate");
    }

    @Test
    void a_name_that_is_not_known_is_not_compared() throws Exception {
        assertThat(faults(Purpose.AGENT, null, "agent", "agent", "ca")).isEmpty();
    }

    @Test
    void files_that_are_not_there_are_told_all_at_once() throws Exception {
        assertThat(agentFaults("no", "no", "no-ca"))
                .containsExactlyInAnyOrder(
                        "1: certificate: there is no file no.crt",
                        "2: key: there is no file no.key",
                        "3: trust: there is no file no-ca.crt");
    }

    @Test
    void what_is_wrong_with_the_others_is_told_if_one_is_not_named() throws Exception {
        assertThat(faults(Purpose.AGENT, "agent", "certificate: agent.crt\nkey: no.key\n"))
                .containsExactlyInAnyOrder(
                        "1: trust: is missing: it must be the path of a file",
                        "2: key: there is no file no.key");
    }

    @Test
    void a_folder_is_no_file() throws Exception {
        Files.createDirectories(folder.resolve("folder.key"));

        assertThat(agentFaults("agent", "folder", "ca"))
                .containsExactly("2: key: folder.key is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--"})
    void a_key_that_others_can_read_is_told(String permissions) throws Exception {
        Path open = folder.resolve("open.key");
        Files.deleteIfExists(open);
        Files.copy(folder.resolve("agent.key"), open);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(permissions));

        assertThat(agentFaults("agent", "open", "ca"))
                .containsExactly(
                        "2: key: open.key can be read by others: run 'chmod 600 open.key'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void a_key_in_another_form_is_told_how_to_convert_it(String form) throws Exception {
        writeKey("-----BEGIN %1$s-----\nAAAA\n-----END %1$s-----\n".formatted(form));

        assertThat(agentFaults("agent", "written", "ca"))
                .singleElement()
                .asString()
                .contains("convert it with 'openssl pkcs8 -topk8 -nocrypt'");
    }

    @Test
    void files_with_something_else_in_them_are_told() throws Exception {
        writeKey("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Files.writeString(folder.resolve("empty.crt"), "");
        Files.writeString(
                folder.resolve("damaged.crt"),
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        assertThat(agentFaults("damaged", "written", "empty"))
                .satisfiesExactlyInAnyOrder(
                        one ->
                                assertThat(one)
                                        .startsWith(
                                                "1: certificate: damaged.crt can't be read as PEM"
                                                        + " certificates"),
                        one ->
                                assertThat(one)
                                        .isEqualTo(
                                                "2: key: written.key is neither an EC, an RSA nor"
                                                        + " an Ed25519 key"),
                        one ->
                                assertThat(one)
                                        .startsWith("3: trust: empty.crt holds no certificate"));
    }

    private static void writeKey(String text) throws IOException {
        Path key = Files.writeString(folder.resolve("written.key"), text);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
}
