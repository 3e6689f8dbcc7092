package io.sallyport.acceptance.ftp;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a client goes, and how.
 *
 * @param trusted the certificate that the client expects
 */
public record FtpTarget(
        InetSocketAddress address,
        String user,
        String password,
        FtpTls tls,
        Path trusted,
        TlsVersion newestTls) {
    /** A version of TLS. */
    public enum TlsVersion {
        TLS_1_2,
        TLS_1_3
    }

    public FtpTarget(
            InetSocketAddress address, String user, String password, FtpTls tls, Path trusted) {
        this(address, user, password, tls, trusted, TlsVersion.TLS_1_3);
    }

    /** The same, where clients are to speak no newer TLS. */
    public FtpTarget upTo(TlsVersion version) {
        return new FtpTarget(address, user, password, tls, trusted, version);
    }

    public boolean isIpv6() {
        return address.getAddress() instanceof Inet6Address;
    }

    /** The address as clients take it outside of URLs. */
    String host() {
        return isIpv6() ? "::1" : address.getAddress().getHostAddress();
    }

    int port() {
        return address.getPort();
    }

    /** The URL of a path, which begins with a slash; it holds the user and the password. */
    public String url(String path) {
        return "%s://%s:%s@%s:%d%s"
                .formatted(
                        tls == FtpTls.IMPLICIT ? "ftps" : "ftp",
                        encoded(user),
                        encoded(password),
                        isIpv6() ? "[" + host() + "]" : host(),
                        port(),
                        path);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
