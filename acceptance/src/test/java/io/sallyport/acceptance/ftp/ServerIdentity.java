package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.Commands;
import java.nio.file.Path;

/**
 * A certificate for every loopback address that the tests use, its key, and nobody above it: who
 * trusts the certificate trusts the server.
 */
public record ServerIdentity(Path certificate, Path key) {
    private static final String NAMES =
            "subjectAltName=IP:127.0.0.1,IP:127.0.0.2,IP:::1,DNS:localhost";

    /** Makes one in a directory. */
    public static ServerIdentity make(Path directory, String name) {
        Path certificate = directory.resolve(name + ".crt");
        Path key = directory.resolve(name + ".key");
        Commands.mustRun(
                directory,
                Programs.path("openssl"),
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-addext",
                NAMES,
                "-days",
                "2",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString());
        return new ServerIdentity(certificate, key);
    }
}
