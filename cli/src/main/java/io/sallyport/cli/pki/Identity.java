package io.sallyport.cli.pki;

import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** A certificate and its private key. */
public record Identity(X509Certificate certificate, PrivateKey key) {
    static final String CERTIFICATE = "CERTIFICATE";
    static final String PRIVATE_KEY = "PRIVATE KEY";

    public String certificatePem() {
        try {
            return Pem.encode(CERTIFICATE, certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** PKCS #8, not encrypted. */
    public String keyPem() {
        return Pem.encode(PRIVATE_KEY, key.getEncoded());
    }

    /** Without the key. */
    @Override
    public String toString() {
        return certificate.getSubjectX500Principal().getName();
    }
}
