package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.Commands;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.net.ftp.FTPClient;

/** What ran in a matrix: a table is worth nothing to who has other versions. */
final class FtpVersions {
    /** Every server and client with its version, in one sentence. */
    static String sentence() {
        return "With %s, %s, %s, MINA FtpServer (built in); Python %s, %s, %s, Commons Net %s on JDK %s."
                .formatted(
                        // It writes to the terminal that it takes its input for.
                        said("vsftpd", "-v 0>&1").replace(": version", ""),
                        said("proftpd", "-v").replace("Version ", ""),
                        said("pure-ftpd", "--help").replaceAll(" *\\[.*", ""),
                        said(
                                "python3",
                                "-c 'import platform, ssl; print(platform.python_version(),"
                                        + " \"with\", ssl.OPENSSL_VERSION)'"),
                        said("curl", "--version")
                                .replaceAll(" \\(.*?\\).*? (OpenSSL\\S*).*", " with $1"),
                        said("lftp", "--version").replaceAll("[| ]+Version|[| ]+Copyright.*", ""),
                        FTPClient.class.getPackage().getImplementationVersion(),
                        System.getProperty("java.version"));
    }

    /** The first line. */
    private static String said(String program, String arguments) {
        String environment =
                Programs.environment().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + " ")
                        .collect(Collectors.joining());
        return Commands.run(
                        Path.of("/"),
                        List.of("sh", "-c", environment + Programs.path(program) + " " + arguments))
                .text()
                .lines()
                .findFirst()
                .orElse(program)
                .strip();
    }

    private FtpVersions() {}
}
