package io.sallyport.cli.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sallyport.process.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AuthorityFilesTest {
    private static final InstantSource CLOCK = InstantSource.system();

    private final CertificateAuthority authority = CertificateAuthority.create(CLOCK);
    private Path certificate;
    private Path key;

    @BeforeEach
    void write(@TempDir Path folder) throws IOException {
        certificate = folder.resolve("ca.crt");
        key = folder.resolve("ca.key");
        Files.writeString(certificate, authority.identity().certificatePem());
        Files.writeString(key, authority.identity().keyPem());
    }

    @Test
    void an_authority_that_was_written_signs_again() throws Exception {
        var read = AuthorityFiles.read(certificate, key, CLOCK);

        var agent = read.issueAgent("inside-2").certificate();
        agent.verify(authority.identity().certificate().getPublicKey());
        assertThat(agent.getIssuerX500Principal())
                .isEqualTo(authority.identity().certificate().getSubjectX500Principal());
    }

    @Test
    void a_missing_file_is_an_io_failure() throws IOException {
        Files.delete(key);

        assertThatThrownBy(() -> AuthorityFiles.read(certificate, key, CLOCK))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_file_without_a_certificate_is_refused() throws IOException {
        Files.write(certificate, new byte[] {1, (byte) 0x80, 3});

        assertRefused("ca.crt holds no PEM certificate");
    }

    @Test
    void a_damaged_certificate_is_refused() throws IOException {
        Files.writeString(
                certificate, authority.identity().certificatePem().replaceFirst("\n..", "\n??"));

        assertRefused("ca.crt holds no PEM certificate");
    }

    @Test
    void an_identity_that_is_no_authority_is_refused() throws IOException {
        var agent = authority.issueAgent("inside-1");
        Files.writeString(certificate, agent.certificatePem());
        Files.writeString(key, agent.keyPem());

        assertRefused("ca.crt is not the certificate of an authority");
    }

    @Test
    void a_file_without_a_key_is_refused() throws IOException {
        Files.writeString(
                key, authority.identity().keyPem().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));

        assertRefused("ca.key holds no unencrypted PKCS #8 PEM key for ECDSA");
    }

    @Test
    void the_key_of_another_authority_is_refused() throws IOException {
        Files.writeString(key, CertificateAuthority.create(CLOCK).identity().keyPem());

        assertRefused("ca.key is not the key of " + certificate);
    }

    @Test
    void an_expired_authority_is_refused() {
        var later = CLOCK.instant().plus(Duration.ofDays(3_660));

        assertThatThrownBy(() -> AuthorityFiles.read(certificate, key, InstantSource.fixed(later)))
                .isInstanceOf(OperatorException.class)
                .hasMessageContaining("ca.crt expired at ")
                .hasMessageEndingWith("; make a new authority with init");
    }

    private void assertRefused(String sentence) {
        assertThatThrownBy(() -> AuthorityFiles.read(certificate, key, CLOCK))
                .isInstanceOf(OperatorException.class)
                .hasMessageEndingWith(sentence);
    }
}
