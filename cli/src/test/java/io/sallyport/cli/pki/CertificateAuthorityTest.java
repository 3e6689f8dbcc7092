package io.sallyport.cli.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int KEY_CERT_SIGN = 5;
    private static final int DIGITAL_SIGNATURE = 0;

    private final CertificateAuthority authority =
            CertificateAuthority.create(InstantSource.fixed(NOW));

    @Nested
    class The_authority {
        private final X509Certificate certificate = authority.identity().certificate();

        @Test
        void signs_identities_but_no_further_authorities() {
            assertThat(certificate.getBasicConstraints()).isZero();
            assertThat(certificate.getKeyUsage()[KEY_CERT_SIGN]).isTrue();
            assertThat(certificate.getKeyUsage()[DIGITAL_SIGNATURE]).isFalse();
            assertThat(certificate.getCriticalExtensionOIDs())
                    .contains("2.5.29.15" /* key usage */, "2.5.29.19" /* basic constraints */);
        }

        @Test
        void lasts_ten_years() {
            assertThat(certificate.getNotAfter()).isEqualTo("2036-03-01T12:00:00Z");
        }

        @Test
        void has_a_name_that_no_other_has() {
            var other = CertificateAuthority.create(InstantSource.fixed(NOW));

            assertThat(certificate.getSubjectX500Principal())
                    .isNotEqualTo(other.identity().certificate().getSubjectX500Principal());
        }
    }

    @Nested
    class A_gateway {
        private final Identity gateway =
                authority.issueGateway(
                        "dmz-1",
                        List.of(
                                new CertifiedHost("DMZ.example.com"),
                                new CertifiedHost("192.0.2.1"),
                                new CertifiedHost("2001:db8::1")));

        @Test
        void is_trusted_by_who_trusts_the_authority() {
            assertThatCode(() -> validate(gateway, authority)).doesNotThrowAnyException();
        }

        @Test
        void is_not_trusted_by_who_trusts_another() {
            var another = CertificateAuthority.create(InstantSource.fixed(NOW));

            assertThatThrownBy(() -> validate(gateway, another))
                    .isInstanceOf(CertPathValidatorException.class);
        }

        @Test
        void vouches_for_its_names_and_addresses() throws CertificateParsingException {
            assertThat(gateway.certificate().getSubjectAlternativeNames())
                    .<Object>extracting(name -> name.get(1))
                    .containsExactly("dmz.example.com", "192.0.2.1", "2001:db8:0:0:0:0:0:1");
        }

        @Test
        void can_be_a_server_only() throws CertificateParsingException {
            assertThat(gateway.certificate().getExtendedKeyUsage())
                    .containsExactly("1.3.6.1.5.5.7.3.1");
        }
    }

    @Nested
    class An_agent {
        private final Identity agent = authority.issueAgent("inside-1");
        private final X509Certificate certificate = agent.certificate();

        @Test
        void is_trusted_by_who_trusts_the_authority() {
            assertThatCode(() -> validate(agent, authority)).doesNotThrowAnyException();
        }

        @Test
        void is_known_by_its_name() {
            assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=inside-1");
        }

        @Test
        void can_be_a_client_only() throws CertificateParsingException {
            assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
            assertThat(certificate.getSubjectAlternativeNames()).isNull();
        }

        @Test
        void is_no_authority() {
            assertThat(certificate.getBasicConstraints()).isNegative();
            assertThat(certificate.getKeyUsage()[KEY_CERT_SIGN]).isFalse();
        }

        @Test
        void lasts_two_years_and_an_hour_for_clocks_that_are_behind() {
            assertThat(certificate.getNotBefore()).isEqualTo(NOW.minus(1, ChronoUnit.HOURS));
            assertThat(certificate.getNotAfter()).isEqualTo("2028-03-01T12:00:00Z");
        }

        @Test
        void does_not_outlive_its_authority() {
            var aged =
                    new CertificateAuthority(
                            authority.identity(),
                            InstantSource.fixed(Instant.parse("2035-03-01T12:00:00Z")));

            assertThat(aged.issueAgent("inside-1").certificate().getNotAfter())
                    .isEqualTo(authority.identity().certificate().getNotAfter());
        }

        @Test
        void has_a_p256_key_of_its_own() throws GeneralSecurityException {
            var key = (ECPublicKey) certificate.getPublicKey();
            assertThat(key.getParams().getOrder().bitLength()).isEqualTo(256);

            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(agent.key());
            byte[] signed = signature.sign();
            signature.initVerify(key);
            assertThat(signature.verify(signed)).isTrue();
        }

        @Test
        void says_in_its_key_file_whose_key_it_is() {
            byte[] shown = agent.certificate().getPublicKey().getEncoded();
            byte[] point = Arrays.copyOfRange(shown, shown.length - 65, shown.length);

            assertThat(Pem.decode(Identity.PRIVATE_KEY, agent.keyPem()).orElseThrow())
                    .endsWith(point);
        }

        @Test
        void does_not_show_its_key() {
            assertThat(agent).hasToString("CN=inside-1");
        }
    }

    @Test
    void serial_numbers_cannot_be_guessed() {
        var serial = authority.issueAgent("inside-1").certificate().getSerialNumber();
        var next = authority.issueAgent("inside-1").certificate().getSerialNumber();

        assertThat(serial).isPositive().isNotEqualTo(next);
        assertThat(serial.bitLength()).isBetween(64, 128);
    }

    private static void validate(Identity identity, CertificateAuthority trusted)
            throws GeneralSecurityException {
        var parameters =
                new PKIXParameters(Set.of(new TrustAnchor(trusted.identity().certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(NOW));
        var path =
                CertificateFactory.getInstance("X.509")
                        .generateCertPath(List.of(identity.certificate()));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }
}
