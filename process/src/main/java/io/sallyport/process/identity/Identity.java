package io.sallyport.process.identity;

import io.sallyport.process.TlsFiles;
import io.sallyport.process.yaml.Section;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.jspecify.annotations.Nullable;

/** Checks the files of an identity, and tells every fault at the key that names the file. */
public final class Identity {
    private static final int BYTES_MAX = 1024 * 1024;

    static final String REISSUE = "issue a new one with 'sallyport issue'";
    private static final String RENEW = "renew it";

    /** What the identity is for. */
    public enum Purpose {
        /** Agents check the names in it. */
        GATEWAY("1.3.6.1.5.5.7.3.1", "serverAuth"),
        /** Gateways take the agent's name from it. */
        AGENT("1.3.6.1.5.5.7.3.2", "clientAuth");

        private final String extendedKeyUsage;
        private final String word;

        Purpose(String extendedKeyUsage, String word) {
            this.extendedKeyUsage = extendedKeyUsage;
            this.word = word;
        }
    }

    /** How the files of an identity are looked at: {@link Identity#check}. */
    public interface Check {
        void check(TlsFiles files, Purpose purpose, @Nullable String name, Section tls);
    }

    private Identity() {}

    /**
     * Checks that the files are there, belong together and will be accepted by a peer with the same
     * authority. A file that the section does not name is not looked for.
     *
     * @param tls the section that names the files
     * @param name of the gateway or agent; null if it is not known
     */
    public static void check(TlsFiles files, Purpose purpose, @Nullable String name, Section tls) {
        check(files, purpose, name, tls, Instant.now(), Trust.COMPUTED);
    }

    /**
     * As {@link #check}, for a start that has to be quick: an authority with the name and the key
     * identifier of the certificate's issuer is taken to have signed it. Every peer computes
     * whether it did.
     */
    public static void glance(TlsFiles files, Purpose purpose, @Nullable String name, Section tls) {
        check(files, purpose, name, tls, Instant.now(), Trust.NAMED);
    }

    static void check(
            TlsFiles files,
            Purpose purpose,
            @Nullable String name,
            Section tls,
            Instant now,
            Trust trust) {
        List<X509Certificate> chain = certificates(files.certificate(), "certificate", tls);
        List<X509Certificate> authorities = certificates(files.trust(), "trust", tls);
        PrivateKey key = key(files.key(), tls);
        if (chain.isEmpty()) {
            return;
        }
        X509Certificate certificate = chain.getFirst();
        boolean current =
                isCurrent(certificate, "certificate", files.certificate(), tls, now, REISSUE);
        checkPurpose(certificate, purpose, name, files.certificate(), tls);
        checkPair(certificate, key, files.certificate(), files.key(), tls);
        if (current && !authorities.isEmpty()) {
            trust.check(chain, authorities, files, tls, now);
        }
    }

    /**
     * Checks a certificate that partners are shown, whoever issued it, and its key.
     *
     * @param tls the section that names both, as {@code certificate} and {@code key}
     */
    public static void checkServer(Path certificate, Path key, Section tls) {
        checkServer(certificate, key, tls, Instant.now());
    }

    static void checkServer(Path certificate, Path key, Section tls, Instant now) {
        List<X509Certificate> chain = certificates(certificate, "certificate", tls);
        PrivateKey found = key(key, tls);
        if (chain.isEmpty()) {
            return;
        }
        X509Certificate shown = chain.getFirst();
        isCurrent(shown, "certificate", certificate, tls, now, RENEW);
        checkExtendedUsage(shown, Purpose.GATEWAY, certificate, tls);
        checkPair(shown, found, certificate, key, tls);
    }

    /** Checks that a file holds authorities of which at least one is valid now. */
    public static void checkAuthorities(Path file, String key, Section section) {
        checkAuthorities(file, key, section, Instant.now());
    }

    static void checkAuthorities(Path file, String key, Section section, Instant now) {
        List<X509Certificate> authorities = certificates(file, key, section);
        if (!authorities.isEmpty()
                && authorities.stream()
                        .allMatch(authority -> now.isAfter(authority.getNotAfter().toInstant()))) {
            isCurrent(authorities.getFirst(), key, file, section, now, RENEW);
        }
    }

    private static void checkPair(
            X509Certificate certificate,
            @Nullable PrivateKey key,
            Path certificateFile,
            Path keyFile,
            Section tls) {
        if (key != null && !KeyPairs.belongTogether(key, certificate.getPublicKey())) {
            tls.fault("key", keyFile + " is not the key of " + certificateFile + ": name the pair");
        }
    }

    private static List<X509Certificate> certificates(Path file, String key, Section tls) {
        byte[] bytes = read(file, key, tls);
        if (bytes == null) {
            return List.of();
        }
        try {
            var certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(bytes))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                tls.fault(key, file + " holds no certificate: it must be PEM");
            }
            return certificates;
        } catch (CertificateException unreadable) {
            tls.fault(key, file + " can't be read as PEM certificates: " + unreadable.getMessage());
            return List.of();
        }
    }

    private static byte @Nullable [] read(Path file, String key, Section tls) {
        if (!tls.isSound(key)) {
            return null;
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            tls.fault(key, file + " is not a regular file");
            return null;
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(BYTES_MAX + 1);
            if (bytes.length <= BYTES_MAX) {
                return bytes;
            }
            tls.fault(key, file + " is larger than 1 MiB");
        } catch (NoSuchFileException missing) {
            tls.fault(key, "there is no file " + file);
        } catch (IOException failed) {
            tls.fault(key, file + " can't be read by user " + System.getProperty("user.name"));
        }
        return null;
    }

    private static @Nullable PrivateKey key(Path file, Section tls) {
        byte[] bytes = read(file, "key", tls);
        if (bytes == null) {
            return null;
        }
        checkPermissions(file, tls);
        String pem = new String(bytes, StandardCharsets.US_ASCII);
        String begin = "-----BEGIN PRIVATE KEY-----";
        int start = pem.indexOf(begin);
        int end = pem.indexOf("-----END PRIVATE KEY-----");
        if (start < 0 || end < start) {
            tls.fault(
                    "key",
                    file
                            + " is no unencrypted PKCS #8 key: convert it with 'openssl pkcs8"
                            + " -topk8 -nocrypt'");
            return null;
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(pem.substring(start + begin.length(), end));
        } catch (IllegalArgumentException damaged) {
            tls.fault("key", file + " is damaged: " + damaged.getMessage());
            return null;
        }
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            PrivateKey key = decode(algorithm, encoded);
            if (key != null) {
                return key;
            }
        }
        tls.fault("key", file + " is neither an EC, an RSA nor an Ed25519 key");
        return null;
    }

    private static @Nullable PrivateKey decode(String algorithm, byte[] encoded) {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException another) {
            return null;
        }
    }

    private static void checkPermissions(Path file, Section tls) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_READ)) {
                tls.fault("key", file + " can be read by others: run 'chmod 600 " + file + "'");
            }
        } catch (IOException | UnsupportedOperationException unknown) {
            // Not every file system has permissions of this kind.
            return;
        }
    }

    static boolean isCurrent(
            X509Certificate certificate,
            String key,
            Path file,
            Section tls,
            Instant now,
            String remedy) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            tls.fault(key, file + " expired on " + until + ": " + remedy);
            return false;
        }
        if (now.isBefore(from)) {
            tls.fault(
                    key,
                    file + " is valid from " + from + " on only: check this host's clock, " + now);
            return false;
        }
        return true;
    }

    private static void checkPurpose(
            X509Certificate certificate,
            Purpose purpose,
            @Nullable String name,
            Path file,
            Section tls) {
        try {
            checkExtendedUsage(certificate, purpose, file, tls);
            if (purpose == Purpose.GATEWAY && certificate.getSubjectAlternativeNames() == null) {
                tls.fault(
                        "certificate",
                        file + " has no subject alternative names, and agents check them");
            }
            String commonName = commonName(certificate);
            if (purpose == Purpose.AGENT && name != null && !name.equals(commonName)) {
                tls.fault(
                        "certificate",
                        file
                                + " is issued to '"
                                + commonName
                                + "', but agent.name is '"
                                + name
                                + "': gateways go by the certificate");
            }
        } catch (CertificateException unreadable) {
            tls.fault("certificate", file + " can't be understood: " + unreadable.getMessage());
        }
    }

    private static void checkExtendedUsage(
            X509Certificate certificate, Purpose purpose, Path file, Section tls) {
        List<String> usages = null;
        try {
            usages = certificate.getExtendedKeyUsage();
        } catch (CertificateException unreadable) {
            tls.fault("certificate", file + " can't be understood: " + unreadable.getMessage());
        }
        if (usages != null && !usages.contains(purpose.extendedKeyUsage)) {
            tls.fault(
                    "certificate",
                    file + " is not made for this: its extended key usage lacks " + purpose.word);
        }
    }

    private static String commonName(X509Certificate certificate) throws CertificateException {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> part.getValue().toString())
                            .findFirst()
                            .orElse("");
        } catch (InvalidNameException unreadable) {
            throw new CertificateException(unreadable.getMessage(), unreadable);
        }
    }
}
