package io.sallyport.cli;

import io.sallyport.process.HostPort;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code dmz.example.com:7443}, {@code 192.0.2.1:7443} or {@code [2001:db8::1]:7443}. */
final class GatewayAddress implements ITypeConverter<HostPort> {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:\\[(?<ipv6>[^\\[\\]]*:[^\\[\\]]*)]|(?<host>[^:]+)):(?<port>[0-9]{1,5})");

    @Override
    public HostPort convert(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new TypeConversionException(
                    "'%s' is not HOST:PORT (an IPv6 address goes in brackets)".formatted(text));
        }
        int port = Integer.parseInt(parts.group("port"));
        if (port < 1 || port > 65_535) {
            throw new TypeConversionException("port %d is not from 1 to 65535".formatted(port));
        }
        String ipv6 = parts.group("ipv6");
        String host = ipv6 == null ? parts.group("host") : ipv6;
        return new HostPort(new HostArgument().convert(host).text(), port);
    }
}
