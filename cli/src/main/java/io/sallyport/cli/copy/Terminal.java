package io.sallyport.cli.copy;

import java.io.Console;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The terminal that a command was started from. */
final class Terminal {
    private Terminal() {}

    /** Empty if input or output is not one: in a script, in a log. */
    @SuppressWarnings("SystemConsoleNull") // with -Djdk.console=java.base it is null
    static Optional<Console> find() {
        @Nullable Console console = System.console();
        return Optional.ofNullable(console).filter(Console::isTerminal);
    }
}
