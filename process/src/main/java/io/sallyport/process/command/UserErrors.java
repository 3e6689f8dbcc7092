package io.sallyport.process.command;

import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.sallyport.process.OperatorException;
import io.sallyport.process.yaml.ConfigurationException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells the user of a command in a sentence what went wrong; a stack trace only where it was asked
 * for.
 */
public final class UserErrors {
    private static final boolean DEBUG = "1".equals(System.getenv("SALLYPORT_DEBUG"));

    private UserErrors() {}

    /**
     * Sets up the command so. Faulty arguments and faulty configuration exit with 2, all else that
     * fails with 1.
     */
    public static CommandLine installedIn(CommandLine command) {
        return command.setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((fault, _) -> faultyArguments(fault))
                .setExecutionExceptionHandler((failure, failed, _) -> {
                    tell(failure, failed);
                    return failure instanceof ConfigurationException
                            ? ExitCode.USAGE
                            : ExitCode.SOFTWARE;
                });
    }

    private static int faultyArguments(ParameterException fault) {
        CommandLine command = fault.getCommandLine();
        String hint =
                fault instanceof UnmatchedArgumentException unmatched
                                && !unmatched.getSuggestions().isEmpty()
                        ? "did you mean '%s'? See".formatted(unmatched.getSuggestions().getFirst())
                        : "see";
        command.getErr()
                .printf(
                        "sallyport: %s; %s '%s --help'%n",
                        fault.getMessage(), hint, command.getCommandSpec().qualifiedName());
        return ExitCode.USAGE;
    }

    private static void tell(Exception failure, CommandLine command) {
        var err = command.getErr();
        if (failure instanceof ConfigurationException faulty) {
            faulty.faults().forEach(err::println);
        } else {
            err.println("sallyport: " + sentence(failure));
        }
        if (DEBUG) {
            err.print(ThrowableProxyUtil.asString(new ThrowableProxy(failure)));
        }
        err.flush();
    }

    private static String sentence(Exception failure) {
        return switch (failure) {
            case FileAlreadyExistsException exists ->
                    exists.getFile() + " exists already, so nothing was written";
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case IOException _, OperatorException _ -> String.valueOf(failure.getMessage());
            default ->
                    "unexpected %s; SALLYPORT_DEBUG=1 in the environment shows the details"
                            .formatted(failure);
        };
    }
}
