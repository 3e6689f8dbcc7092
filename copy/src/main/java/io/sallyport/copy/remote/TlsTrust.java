package io.sallyport.copy.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS towards servers, with the certificates that the user trusts. */
public final class TlsTrust {
    static {
        // Else the JDK takes a connection that was cut for one that ended, and FTP for the file's
        // end.
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
    }

    private TlsTrust() {}

    /**
     * A context of its own, with a session cache of its own.
     *
     * @param authorities PEM certificates; null for those of the JDK
     */
    public static SSLContext context(@Nullable Path authorities) throws CopyException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            if (authorities == null) {
                context.init(null, null, null);
                return context;
            }
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int count = 0;
            try (InputStream in = Files.newInputStream(authorities)) {
                for (Certificate one :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    trusted.setCertificateEntry("ca-" + count++, one);
                }
            }
            if (count == 0) {
                throw CopyException.usage("--ca " + authorities + ": holds no PEM certificate");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (NoSuchFileException missing) {
            throw CopyException.usage("--ca " + authorities + ": there is no such file");
        } catch (CopyException told) {
            throw told;
        } catch (IOException | GeneralSecurityException unreadable) {
            throw CopyException.usage("--ca " + authorities + ": " + unreadable.getMessage());
        }
    }
}
