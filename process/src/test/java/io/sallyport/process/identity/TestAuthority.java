package io.sallyport.process.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Certificates and keys for tests, made by the JDK's keytool. Identities last ten days. */
final class TestAuthority {
    private static final String PASSWORD = "password";

    private final Path folder;
    private final Path store;

    TestAuthority(Path folder) {
        this.folder = folder;
        store = folder.resolve("keytool.p12");
    }

    /**
     * Writes {@code NAME.crt} and {@code NAME.key} of an authority that has signed itself.
     *
     * @param more for keytool, as who else signs
     */
    void authority(String name, int days, String... more)
            throws IOException, GeneralSecurityException {
        List<String> options = new ArrayList<>(List.of("-ext", "bc:critical=ca:true"));
        options.addAll(List.of(more));
        generate(name, "EC", days, options);
    }

    /** Writes another certificate of the same key, made later than those that it has signed. */
    void renew(String name, String signer) throws IOException, GeneralSecurityException {
        Path request = folder.resolve(name + ".csr");
        Path certificate = folder.resolve(name + ".crt");
        keytool("-certreq", "-alias", name, "-file", request.toString());
        keytool(
                "-gencert",
                "-rfc",
                "-alias",
                signer,
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString(),
                "-validity",
                "10",
                "-ext",
                "bc:critical=ca:true");
    }

    /** The name of a file that has the certificates of others. */
    static String joined(Path folder, String first, String second) throws IOException {
        String name = first + "-and-" + second;
        Files.writeString(
                folder.resolve(name + ".crt"),
                Files.readString(folder.resolve(first + ".crt"))
                        + Files.readString(folder.resolve(second + ".crt")));
        return name;
    }

    /**
     * The same of an identity.
     *
     * @param extensions as {@code eku=clientAuth}
     */
    void identity(String name, String algorithm, String signer, String... extensions)
            throws IOException, GeneralSecurityException {
        List<String> more = new ArrayList<>(List.of("-signer", signer));
        Arrays.stream(extensions).forEach(extension -> more.addAll(List.of("-ext", extension)));
        generate(name, algorithm, 10, more);
    }

    private void generate(String name, String algorithm, int days, List<String> more)
            throws IOException, GeneralSecurityException {
        List<String> options = new ArrayList<>(List.of("-genkeypair", "-alias", name));
        options.addAll(List.of("-dname", "CN=" + name, "-keyalg", algorithm));
        options.addAll(List.of("-validity", Integer.toString(days)));
        options.addAll(more);
        keytool(options.toArray(String[]::new));
        export(name);
    }

    private void keytool(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(options));
        command.addFirst(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.onExit().join().exitValue()).as(said).isZero();
        }
    }

    private void export(String name) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store)) {
            keys.load(stream, PASSWORD.toCharArray());
        }
        var chain = new StringBuilder();
        for (Certificate certificate : keys.getCertificateChain(name)) {
            chain.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        Files.writeString(folder.resolve(name + "-chain.crt"), chain);
        Files.writeString(
                folder.resolve(name + ".crt"),
                pem("CERTIFICATE", keys.getCertificate(name).getEncoded()));
        Path key = folder.resolve(name + ".key");
        Files.writeString(
                key, pem("PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    /**
     * The key of an identity on keytool's curve, P-384, as OpenSSL writes it: with its public part.
     */
    static String keyWithPoint(Path folder, String name)
            throws IOException, GeneralSecurityException {
        byte[] key = bytes(folder.resolve(name + ".key"));
        byte[] certified = certificate(folder, name).getPublicKey().getEncoded();
        byte[] point = Arrays.copyOfRange(certified, certified.length - 97, certified.length);
        byte[] secret = Arrays.copyOfRange(key, key.length - 48, key.length);
        // RFC 5958 and 5915: version, algorithm, and the key as secret and point.
        return pem(
                "PRIVATE KEY",
                HexFormat.of()
                        .parseHex(
                                "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b"
                                        + "0201010430"
                                        + HexFormat.of().formatHex(secret)
                                        + "a164036200"
                                        + HexFormat.of().formatHex(point)));
    }

    /** Writes a certificate anew, with the last bit of its signature turned. */
    static void damageSignature(Path folder, String name, String damaged)
            throws IOException, GeneralSecurityException {
        byte[] encoded = certificate(folder, name).getEncoded();
        encoded[encoded.length - 1] ^= 1;
        Files.writeString(folder.resolve(damaged + ".crt"), pem("CERTIFICATE", encoded));
    }

    private static Certificate certificate(Path folder, String name)
            throws IOException, GeneralSecurityException {
        try (InputStream stream = Files.newInputStream(folder.resolve(name + ".crt"))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(stream);
        }
    }

    private static byte[] bytes(Path pem) throws IOException {
        String lines = Files.readString(pem).replaceAll("-----.*-----", "");
        return Base64.getMimeDecoder().decode(lines);
    }

    private static String pem(String type, byte[] encoded) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(
                        type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded));
    }
}
