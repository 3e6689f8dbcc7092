package io.sallyport.process.command;

import io.sallyport.process.yaml.Values;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads times on the command line as configuration files write them. */
public final class DurationConverter implements ITypeConverter<Duration> {
    private static final Duration LONGEST = Duration.ofDays(1);

    @Override
    public Duration convert(String text) {
        var reader = Values.duration(Duration.ZERO, LONGEST);
        try {
            return reader.parse(text, Path.of(""));
        } catch (IllegalArgumentException unfit) {
            throw new TypeConversionException(
                    "must be " + reader.wanted() + ", but is '" + text + "'");
        }
    }
}
