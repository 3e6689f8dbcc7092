package io.sallyport.cli;

import static io.sallyport.cli.Run.sallyport;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IssueCommandTest {
    private static final String FOR_SERVERS = "1.3.6.1.5.5.7.3.1";
    private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";

    @TempDir private Path folder;

    @BeforeEach
    void init() {
        assertThat(sallyport("init", folder).exitCode()).isZero();
    }

    @Test
    void another_agent_is_signed_by_the_same_authority() throws Exception {
        var run = sallyport("issue", "inside-2", "--dir", folder);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .isEqualToNormalizingNewlines(
                        "Wrote %1$s.crt and %1$s.key, the identity of an agent.\n"
                                .formatted(folder.resolve("inside-2")));
        var agent = certificate("inside-2.crt");
        agent.verify(certificate("ca.crt").getPublicKey());
        assertThat(agent.getExtendedKeyUsage()).containsExactly(FOR_CLIENTS);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("inside-2.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void another_gateway_vouches_for_the_hosts_that_are_named() throws Exception {
        sallyport("issue", "dmz-2", "--dir", folder, "--gateway", "dmz-2.example.com,192.0.2.2");

        var gateway = certificate("dmz-2.crt");
        assertThat(gateway.getExtendedKeyUsage()).containsExactly(FOR_SERVERS);
        assertThat(gateway.getSubjectAlternativeNames())
                .<Object>extracting(name -> name.get(1))
                .containsExactly("dmz-2.example.com", "192.0.2.2");
    }

    @Test
    void an_identity_is_never_overwritten() throws IOException {
        var before = Files.readString(folder.resolve("agent.key"));

        var run = sallyport("issue", "agent", "--dir", folder);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).endsWith("exists already, so nothing was written" + lineEnd());
        assertThat(folder.resolve("agent.key")).hasContent(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Inside", "a/b", "..", "-x", "x-", "a b", "a\nb", "ä"})
    void a_name_that_does_not_do_as_one_is_refused(String name) {
        var run = sallyport("issue", "--dir", folder, "--", name);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("sallyport: NAME must be a name of at most 63 ");
    }

    @Test
    void a_name_has_63_characters_at_most() {
        assertThat(sallyport("issue", "a".repeat(63), "--dir", folder).exitCode()).isZero();
        assertThat(sallyport("issue", "b".repeat(64), "--dir", folder).exitCode()).isEqualTo(2);
    }

    @Test
    void a_host_that_is_none_is_refused() {
        var run = sallyport("issue", "dmz-2", "--dir", folder, "--gateway", "dmz-2,not_a_host");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'not_a_host' is neither a host name nor an IP address");
    }

    @Test
    void without_an_authority_there_is_one_sentence() throws IOException {
        Files.delete(folder.resolve("ca.key"));

        var run = sallyport("issue", "inside-2", "--dir", folder);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo(
                        "sallyport: %s does not exist".formatted(folder.resolve("ca.key"))
                                + lineEnd());
    }

    @Test
    void an_authority_with_another_key_is_one_sentence() throws IOException {
        Files.writeString(folder.resolve("ca.key"), Files.readString(folder.resolve("agent.key")));

        var run = sallyport("issue", "inside-2", "--dir", folder);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("is not the key of").hasLineCount(1);
    }

    private X509Certificate certificate(String name) throws Exception {
        try (var stream = Files.newInputStream(folder.resolve(name))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(stream);
        }
    }

    private static String lineEnd() {
        return System.lineSeparator();
    }
}
