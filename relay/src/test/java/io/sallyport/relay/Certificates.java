package io.sallyport.relay;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An authority, a gateway {@code localhost} and an agent {@code inside-1}, as PEM files in a
 * folder.
 */
public final class Certificates {
    public final Path trust;
    public final Path gateway;
    public final Path gatewayKey;
    public final Path agent;
    public final Path agentKey;

    public Certificates(Path folder) throws Exception {
        Instant now = Instant.now();
        var builder =
                new CertificateBuilder()
                        .notBefore(now.minus(1, ChronoUnit.HOURS))
                        .notAfter(now.plus(1, ChronoUnit.DAYS))
                        .ecp256();
        X509Bundle authority =
                builder.copy()
                        .subject("CN=authority")
                        .setIsCertificateAuthority(true)
                        .buildSelfSigned();
        X509Bundle gatewayBundle =
                builder.copy()
                        .subject("CN=dmz-1")
                        .addSanDnsName("localhost")
                        .addExtendedKeyUsageServerAuth()
                        .buildIssuedBy(authority);
        X509Bundle agentBundle =
                builder.copy()
                        .subject("CN=inside-1")
                        .addExtendedKeyUsageClientAuth()
                        .buildIssuedBy(authority);
        trust = Files.writeString(folder.resolve("ca.crt"), authority.getCertificatePEM());
        gateway =
                Files.writeString(folder.resolve("gateway.crt"), gatewayBundle.getCertificatePEM());
        gatewayKey =
                Files.writeString(folder.resolve("gateway.key"), gatewayBundle.getPrivateKeyPEM());
        agent = Files.writeString(folder.resolve("agent.crt"), agentBundle.getCertificatePEM());
        agentKey = Files.writeString(folder.resolve("agent.key"), agentBundle.getPrivateKeyPEM());
    }
}
