package io.sallyport.origins;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Makes a server's TLS context from PEM files, with nothing but the JDK. */
public final class ServerTls {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] IN_MEMORY_ONLY = {};

    private ServerTls() {}

    /**
     * Reads a certificate, followed by intermediate ones if there are any, and its unencrypted PKCS
     * #8 key.
     *
     * @throws IOException if a file cannot be read or the two do not make an identity; says which
     *     file
     */
    public static SSLContext of(Path certificate, Path key) throws IOException {
        Certificate[] chain = readChain(certificate);
        PrivateKey privateKey = readKey(key, chain[0].getPublicKey().getAlgorithm());
        try {
            KeyStore identity = KeyStore.getInstance("PKCS12");
            identity.load(null, IN_MEMORY_ONLY);
            identity.setKeyEntry("server", privateKey, IN_MEMORY_ONLY, chain);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity, IN_MEMORY_ONLY);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    certificate + ": cannot serve TLS with it and " + key + ": " + e.getMessage(),
                    e);
        }
    }

    private static Certificate[] readChain(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            var chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(in)
                            .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new IOException(file + ": holds no certificate; a PEM file is wanted");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": cannot be read as certificates: " + e.getMessage(), e);
        }
    }

    private static PrivateKey readKey(Path file, String algorithm) throws IOException {
        Matcher pem = PRIVATE_KEY.matcher(Files.readString(file, US_ASCII));
        if (!pem.find()) {
            throw new IOException(
                    file
                            + ": holds no PKCS #8 key; it must have a line -----BEGIN PRIVATE"
                            + " KEY-----");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    file + ": is not the " + algorithm + " key of the certificate", e);
        }
    }
}
