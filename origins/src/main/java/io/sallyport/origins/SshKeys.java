package io.sallyport.origins;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import org.apache.sshd.client.config.hosts.KnownHostHashValue;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;

/** Makes and writes SSH keys as OpenSSH reads them. */
public final class SshKeys {
    static {
        useOnlyTheJdksCryptography();
    }

    private SshKeys() {}

    /** MINA would otherwise register BouncyCastle for the whole process wherever it finds it. */
    static void useOnlyTheJdksCryptography() {
        SecurityUtils.setAPrioriDisabledProvider(SecurityUtils.BOUNCY_CASTLE, true);
    }

    /**
     * A new key pair for a host or a user: ECDSA P-256, as MINA takes Ed25519 from third libraries
     * only.
     */
    public static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no elliptic curves", e);
        }
    }

    /**
     * Writes the private key, unencrypted, for {@code ssh -i}: mode 0600, an existing file is
     * replaced.
     */
    public static void writePrivateKey(KeyPair keys, Path file) throws IOException {
        var onlyOwner =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path complete = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(complete);
        Files.createFile(complete, onlyOwner);
        try {
            try (OutputStream out = Files.newOutputStream(complete)) {
                OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(keys, "sallyport", null, out);
            } catch (GeneralSecurityException e) {
                throw new IOException(file + ": cannot write this key: " + e.getMessage(), e);
            }
            Files.move(complete, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(complete);
        }
    }

    /**
     * The public key as one line of {@code authorized_keys} or of a {@code .pub} file, without an
     * end of line.
     */
    public static String authorizedKeysLine(PublicKey key) {
        return PublicKeyEntry.toString(key);
    }

    /**
     * The line of {@code known_hosts} for a host key, without an end of line.
     *
     * @param reachedAt the address and port that partners dial: the gateway's listener, not the
     *     origin
     */
    public static String knownHostsLine(InetSocketAddress reachedAt, PublicKey hostKey) {
        String host =
                KnownHostHashValue.createHostPattern(
                        reachedAt.getHostString(), reachedAt.getPort());
        return host + " " + PublicKeyEntry.toString(hostKey);
    }
}
