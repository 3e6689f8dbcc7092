package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.process.OperatorException;
import io.sallyport.process.password.PasswordHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sallyport password}: turns a password into what agent.yaml may hold of it. */
@Command(
        name = "password",
        description =
                "Asks for a password, or reads a line of the standard input, and prints what stands"
                        + " for it under users in agent.yaml.")
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class PasswordCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        char[] password = read();
        if (password.length == 0) {
            throw new OperatorException("an empty password lets everybody in: choose another one");
        }
        spec.commandLine().getOut().println(PasswordHash.of(password));
        spec.commandLine().getOut().flush();
        Arrays.fill(password, ' ');
        return 0;
    }

    // JDK 25 is back to null where there is no terminal.
    @SuppressWarnings("SystemConsoleNull")
    private static char[] read() throws IOException {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            char[] first = console.readPassword("Password: ");
            char[] again = console.readPassword("Once more: ");
            if (first == null || !Arrays.equals(first, again)) {
                throw new OperatorException("the two passwords differ: try again");
            }
            return first;
        }
        var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        String line = lines.readLine();
        return line == null ? new char[0] : line.toCharArray();
    }
}
