package io.sallyport.cli;

import io.sallyport.cli.pki.CertifiedHost;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a host name or an IP address. */
final class HostArgument implements ITypeConverter<CertifiedHost> {
    @Override
    public CertifiedHost convert(String text) {
        try {
            return new CertifiedHost(text);
        } catch (IllegalArgumentException neither) {
            throw new TypeConversionException(neither.getMessage());
        }
    }
}
