package io.sallyport.relay.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Reads certificates and keys; every fault is one sentence with the file's name. */
final class PemFiles {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = new char[0];

    private PemFiles() {}

    /**
     * What one side shows and proves. That they are a pair was seen by who read the configuration:
     * to compute it again would take a good part of a gateway's start. Netty would read the files
     * too, but by BouncyCastle wherever that is on the class path, which takes a third of a second.
     */
    record Own(PrivateKey key, List<X509Certificate> certificates) {
        /**
         * @throws IOException if a file can't be used
         */
        static Own read(Path certificate, Path key) throws IOException {
            List<X509Certificate> chain = PemFiles.certificates(certificate);
            PublicKey shown = chain.getFirst().getPublicKey();
            return new Own(privateKey(key, shown), chain);
        }

        X509Certificate[] chain() {
            return certificates.toArray(X509Certificate[]::new);
        }
    }

    /**
     * @throws IOException if the files can't be used together
     */
    static KeyManager[] keys(Path certificate, Path key) throws IOException {
        Own own = Own.read(certificate, key);
        if (!belongTogether(own.certificates().getFirst().getPublicKey(), own.key())) {
            throw new IOException(key + " is not the key of " + certificate);
        }
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("own", own.key(), NO_PASSWORD, own.chain());
            var factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, NO_PASSWORD);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException unusable) {
            throw new IOException(
                    certificate + " and " + key + " can't be used: " + unusable.getMessage(),
                    unusable);
        }
    }

    /**
     * @throws IOException if the file holds no certificates
     */
    static TrustManager[] trust(Path authorities) throws IOException {
        List<X509Certificate> certificates = certificates(authorities);
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("authority-" + i, certificates.get(i));
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException unusable) {
            throw new IOException(
                    authorities + " can't be used: " + unusable.getMessage(), unusable);
        }
    }

    /**
     * @throws IOException if the JDK's own file can't be used
     */
    static TrustManager[] trustOfThisJdk() throws IOException {
        try {
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init((KeyStore) null);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException unusable) {
            throw new IOException(
                    "the authorities that this JDK trusts can't be read: " + unusable.getMessage(),
                    unusable);
        }
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates;
        try (var in = Files.newInputStream(file)) {
            certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
        } catch (CertificateException unreadable) {
            throw new IOException(
                    file + " holds no certificate that can be read: it has to be PEM", unreadable);
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no certificate: it has to be PEM");
        }
        return certificates;
    }

    private static PrivateKey privateKey(Path file, PublicKey counterpart) throws IOException {
        var pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new IOException(
                    file
                            + " holds no key that can be read: it has to be PKCS #8 without a"
                            + " password (openssl pkcs8 -topk8 -nocrypt)");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(counterpart.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new IOException(
                    file
                            + " is not the key of the certificate, which needs one for "
                            + counterpart.getAlgorithm(),
                    unusable);
        }
    }

    private static boolean belongTogether(PublicKey known, PrivateKey secret) throws IOException {
        String algorithm =
                switch (known.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> known.getAlgorithm();
                };
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initSign(secret);
            byte[] signed = signature.sign();
            signature.initVerify(known);
            return signature.verify(signed);
        } catch (GeneralSecurityException unusable) {
            throw new IOException(
                    "a certificate with a key for "
                            + known.getAlgorithm()
                            + " can't be used: RSA, EC and Ed25519 can",
                    unusable);
        }
    }
}
