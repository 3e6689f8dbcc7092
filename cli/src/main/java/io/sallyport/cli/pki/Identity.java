package io.sallyport.cli.pki;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

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

    /** PKCS #8, not encrypted, with the public key, as OpenSSL writes it: RFC 5915, section 3. */
    public String keyPem() {
        try {
            var shown = SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
            var secret = ((ECPrivateKey) key).getS();
            int bits = ((ECPrivateKey) key).getParams().getOrder().bitLength();
            var pair =
                    new org.bouncycastle.asn1.sec.ECPrivateKey(
                            bits, secret, shown.getPublicKeyData(), null);
            return Pem.encode(
                    PRIVATE_KEY, new PrivateKeyInfo(shown.getAlgorithm(), pair).getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return certificate.getSubjectX500Principal().getName();
    }
}
