package io.sallyport.acceptance.ftp;

import java.net.InetAddress;

/** The family of addresses that a client uses. */
public enum Family {
    IPV4("127.0.0.1"),
    IPV6("::1");

    private final InetAddress loopback;

    Family(String loopback) {
        this.loopback = InetAddress.ofLiteral(loopback);
    }

    public InetAddress loopback() {
        return loopback;
    }

    @Override
    public String toString() {
        return this == IPV4 ? "IPv4" : "IPv6";
    }
}
