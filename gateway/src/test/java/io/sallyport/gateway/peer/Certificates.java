package io.sallyport.gateway.peer;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.sallyport.process.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;

/** An authority and those it vouches for. */
public final class Certificates {
    private final X509Bundle authority;

    public Certificates() throws Exception {
        authority = builder("authority").setIsCertificateAuthority(true).buildSelfSigned();
    }

    private static CertificateBuilder builder(String name) {
        return new CertificateBuilder().subject("CN=" + name).ecp256();
    }

    X509Bundle authority() {
        return authority;
    }

    /** What an agent of that name shows. */
    public X509Bundle agent(String name) throws Exception {
        return builder(name).addExtendedKeyUsageClientAuth().buildIssuedBy(authority);
    }

    /** The files of a gateway that is dialed as {@code 127.0.0.1}. */
    public TlsFiles gateway(String name, Path folder) throws Exception {
        X509Bundle identity =
                builder(name)
                        .addSanIpAddress("127.0.0.1")
                        .addExtendedKeyUsageServerAuth()
                        .buildIssuedBy(authority);
        return new TlsFiles(
                Files.writeString(folder.resolve("gateway.crt"), identity.getCertificatePEM()),
                Files.writeString(folder.resolve("gateway.key"), identity.getPrivateKeyPEM()),
                Files.writeString(folder.resolve("ca.crt"), authority.getCertificatePEM()));
    }
}
