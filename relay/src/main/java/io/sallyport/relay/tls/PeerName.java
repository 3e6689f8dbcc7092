package io.sallyport.relay.tls;

import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who is on the other side of a TLS connection: what its certificate says, never what the peer
 * says.
 */
public final class PeerName {
    private PeerName() {}

    /**
     * The common name of the peer's verified certificate.
     *
     * @throws SSLPeerUnverifiedException if there is none
     */
    public static String of(SSLSession session) throws SSLPeerUnverifiedException {
        var certificate = (X509Certificate) session.getPeerCertificates()[0];
        String subject = certificate.getSubjectX500Principal().getName();
        try {
            return new LdapName(subject)
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> rdn.getValue().toString())
                            .findFirst()
                            .orElseThrow(() ->
                                    new SSLPeerUnverifiedException(
                                            "the certificate of "
                                                    + subject
                                                    + " has no common name"));
        } catch (InvalidNameException unreadable) {
            throw new SSLPeerUnverifiedException(
                    "the certificate's subject can't be read: " + subject);
        }
    }
}
