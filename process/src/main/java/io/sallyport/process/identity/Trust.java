package io.sallyport.process.identity;

import static io.sallyport.process.identity.Identity.REISSUE;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.yaml.Section;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How it is known that an authority that is trusted has signed a certificate. */
enum Trust {
    /** Every signature is computed, as peers do. */
    COMPUTED,
    /** An authority that the certificate names as its issuer is believed to be it. */
    NAMED;

    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

    /**
     * Tells a fault if no authority has signed, or the one that has is not valid now.
     *
     * @param chain the certificate, followed by intermediate ones if there are any
     */
    void check(
            List<X509Certificate> chain,
            List<X509Certificate> authorities,
            TlsFiles files,
            Section tls,
            Instant now) {
        try {
            Identity.isCurrent(
                    signer(chain, authorities, now), "trust", files.trust(), tls, now, REISSUE);
        } catch (GeneralSecurityException untrusted) {
            tls.fault(
                    "certificate",
                    files.certificate()
                            + " is not signed by an authority in "
                            + files.trust()
                            + ": "
                            + untrusted.getMessage());
        }
    }

    /** An authority may stand there twice, as it was and renewed: one that is valid comes first. */
    private X509Certificate signer(
            List<X509Certificate> chain, List<X509Certificate> authorities, Instant now)
            throws GeneralSecurityException {
        List<X509Certificate> valid =
                authorities.stream().filter(authority -> isValid(authority, now)).toList();
        if (this == NAMED) {
            Optional<X509Certificate> named =
                    Stream.concat(valid.stream(), authorities.stream())
                            .filter(authority -> isNamedAsIssuer(authority, chain.getFirst()))
                            .findFirst();
            if (named.isPresent()) {
                return named.get();
            }
        }
        try {
            return computedSigner(chain, valid, now);
        } catch (GeneralSecurityException none) {
            return computedSigner(chain, authorities, now);
        }
    }

    private static boolean isValid(X509Certificate authority, Instant now) {
        try {
            authority.checkValidity(Date.from(now));
            return true;
        } catch (CertificateException notNow) {
            return false;
        }
    }

    /** By name and key identifier: RFC 5280, sections 4.2.1.1 and 4.2.1.2. */
    private static boolean isNamedAsIssuer(X509Certificate authority, X509Certificate issued) {
        byte[] own = authority.getExtensionValue(SUBJECT_KEY_IDENTIFIER);
        byte[] named = issued.getExtensionValue(AUTHORITY_KEY_IDENTIFIER);
        if (own == null || own.length < 5 || named == null || authority.getBasicConstraints() < 0) {
            return false;
        }
        // Its length and itself: an octet string in one here, under another tag in a list there.
        String identifier = new String(own, 3, own.length - 3, StandardCharsets.ISO_8859_1);
        return authority.getSubjectX500Principal().equals(issued.getIssuerX500Principal())
                && new String(named, StandardCharsets.ISO_8859_1).contains(identifier);
    }

    // The JDK does not look at the dates of an authority.
    private static X509Certificate computedSigner(
            List<X509Certificate> chain, List<X509Certificate> authorities, Instant now)
            throws GeneralSecurityException {
        var anchors =
                authorities.stream()
                        .map(authority -> new TrustAnchor(authority, null))
                        .collect(Collectors.toSet());
        var parameters = new PKIXParameters(anchors);
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(now));
        var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
        var result =
                (PKIXCertPathValidatorResult)
                        CertPathValidator.getInstance("PKIX").validate(path, parameters);
        return result.getTrustAnchor().getTrustedCert();
    }
}
