package io.sallyport.agent.peer;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.sallyport.process.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

/** An authority and those it vouches for, as PEM files in a folder. */
public final class Certificates {
    private final Path folder;
    private final X509Bundle authority;

    public Certificates(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        authority =
                builder("authority", Instant.now().plus(1, ChronoUnit.DAYS))
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        Files.writeString(folder.resolve("ca.crt"), authority.getCertificatePEM());
    }

    private static CertificateBuilder builder(String name, Instant end) {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .notBefore(end.minus(10, ChronoUnit.DAYS))
                .notAfter(end)
                .ecp256();
    }

    public TlsFiles agent(String name) throws Exception {
        return issue(
                name,
                Instant.now().plus(1, ChronoUnit.DAYS),
                CertificateBuilder::addExtendedKeyUsageClientAuth);
    }

    /** For a gateway that is dialed as {@code 127.0.0.1}. */
    public TlsFiles gateway(String name) throws Exception {
        return gateway(name, Instant.now().plus(1, ChronoUnit.DAYS));
    }

    public TlsFiles gateway(String name, Instant end) throws Exception {
        return issue(
                name,
                end,
                builder -> builder.addSanIpAddress("127.0.0.1").addExtendedKeyUsageServerAuth());
    }

    /** For a gateway that is dialed by another name than it has here. */
    public TlsFiles gatewayNamed(String host) throws Exception {
        return issue(
                "elsewhere",
                Instant.now().plus(1, ChronoUnit.DAYS),
                builder -> builder.addSanDnsName(host).addExtendedKeyUsageServerAuth());
    }

    private TlsFiles issue(String name, Instant end, UnaryOperator<CertificateBuilder> usage)
            throws Exception {
        X509Bundle bundle = usage.apply(builder(name, end)).buildIssuedBy(authority);
        return new TlsFiles(
                Files.writeString(folder.resolve(name + ".crt"), bundle.getCertificatePEM()),
                Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM()),
                folder.resolve("ca.crt"));
    }
}
