package io.sallyport.process.identity;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.yaml.Section;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;

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
        switch (this) {
            case COMPUTED -> compute(chain, authorities, files, tls, now);
            case NAMED -> glance(chain, authorities, files, tls, now);
        }
    }

    private static void glance(
            List<X509Certificate> chain,
            List<X509Certificate> authorities,
            TlsFiles files,
            Section tls,
            Instant now) {
        for (X509Certificate authority : authorities) {
            if (isNamedAsIssuer(authority, chain.getFirst())) {
                Identity.isCurrent(authority, "trust", files.trust(), tls, now, Identity.REISSUE);
                return;
            }
        }
        compute(chain, authorities, files, tls, now);
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

    private static void compute(
            List<X509Certificate> chain,
            List<X509Certificate> authorities,
            TlsFiles files,
            Section tls,
            Instant now) {
        try {
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
            // The JDK does not look at the dates of an authority.
            Identity.isCurrent(
                    result.getTrustAnchor().getTrustedCert(),
                    "trust",
                    files.trust(),
                    tls,
                    now,
                    Identity.REISSUE);
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
}
