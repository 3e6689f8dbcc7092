package io.sallyport.process;

/**
 * Where to connect to.
 *
 * @param host a name or an IP address, without brackets
 */
public record HostPort(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
