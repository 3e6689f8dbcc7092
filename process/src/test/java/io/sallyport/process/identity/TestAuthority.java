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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
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

    private static String pem(String type, byte[] encoded) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(
                        type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded));
    }
}
