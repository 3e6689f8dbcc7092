package io.sallyport.cli;

import io.sallyport.cli.pki.UnusableAuthorityException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells the user in one sentence what went wrong; a stack trace only where it was asked for. */
record Failures(boolean debug) implements IParameterExceptionHandler, IExecutionExceptionHandler {
    @Override
    public int handleParseException(ParameterException fault, String[] arguments) {
        var command = fault.getCommandLine();
        command.getErr()
                .printf(
                        "sallyport: %s; %s '%s --help'%n",
                        fault.getMessage(), hint(fault), command.getCommandSpec().qualifiedName());
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult arguments) {
        command.getErr().println("sallyport: " + sentence(failure));
        if (debug) {
            failure.printStackTrace(command.getErr());
        }
        return ExitCode.SOFTWARE;
    }

    private static String hint(ParameterException fault) {
        return fault instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? "did you mean '%s'? See".formatted(unmatched.getSuggestions().getFirst())
                : "see";
    }

    private static String sentence(Exception failure) {
        return switch (failure) {
            case FileAlreadyExistsException exists ->
                    exists.getFile() + " exists already, so nothing was written";
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case IOException _, UnusableAuthorityException _ ->
                    String.valueOf(failure.getMessage());
            default ->
                    "unexpected %s; SALLYPORT_DEBUG=1 in the environment shows the details"
                            .formatted(failure);
        };
    }
}
