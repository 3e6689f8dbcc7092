package io.sallyport.cli;

import io.sallyport.process.HostPort;
import io.sallyport.process.yaml.Values;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads where a gateway is dialed, as agent.yaml writes it; its certificate can vouch for it. */
final class GatewayAddress implements ITypeConverter<HostPort> {
    @Override
    public HostPort convert(String text) {
        HostPort address = address(text);
        return new HostPort(new HostArgument().convert(address.host()).text(), address.port());
    }

    private static HostPort address(String text) {
        var reader = Values.HOST_AND_PORT;
        try {
            return reader.parse(text, Path.of(""));
        } catch (IllegalArgumentException unfit) {
            throw new TypeConversionException(
                    "must be " + reader.wanted() + ", but is '" + text + "'");
        }
    }
}
