package io.sallyport.cli.pki;

import io.sallyport.process.OperatorException;
import io.sallyport.process.identity.KeyPairs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;

/** Reads an authority back from its PEM files. */
public final class AuthorityFiles {
    private AuthorityFiles() {}

    /**
     * @throws IOException if a file cannot be read
     * @throws OperatorException if they do not hold an authority that can sign now
     */
    public static CertificateAuthority read(Path certificateFile, Path keyFile, InstantSource clock)
            throws IOException {
        var certificate = certificate(certificateFile);
        var key = key(keyFile);
        if (certificate.getBasicConstraints() < 0) {
            throw new OperatorException(
                    certificateFile + " is not the certificate of an authority");
        }
        var end = certificate.getNotAfter().toInstant();
        if (clock.instant().isAfter(end)) {
            throw new OperatorException(
                    "%s expired at %s; make a new authority with init"
                            .formatted(certificateFile, end));
        }
        if (!KeyPairs.signsFor(key, certificate.getPublicKey())) {
            throw new OperatorException(
                    "%s is not the key of %s".formatted(keyFile, certificateFile));
        }
        return new CertificateAuthority(new Identity(certificate, key), clock);
    }

    private static X509Certificate certificate(Path file) throws IOException {
        try {
            var der = Pem.decode(Identity.CERTIFICATE, text(file));
            var stream = new ByteArrayInputStream(der.orElse(new byte[0]));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(stream);
        } catch (CertificateException notACertificate) {
            throw new OperatorException(file + " holds no PEM certificate");
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        try {
            var der = Pem.decode(Identity.PRIVATE_KEY, text(file));
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(der.orElse(new byte[0])));
        } catch (GeneralSecurityException notAKey) {
            throw new OperatorException(file + " holds no unencrypted PKCS #8 PEM key for ECDSA");
        }
    }

    // Latin-1 has a character for every byte: a binary file is then a file without PEM, not an
    // error.
    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
