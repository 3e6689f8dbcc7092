package io.sallyport.acceptance.peer;

import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real curl, which goes by the proxy that it is told and by no other. */
public final class Curl {
    /** Runs it until it ends. */
    public static CommandResult run(Path directory, String... options) {
        List<String> command =
                new ArrayList<>(
                        List.of(Programs.path("curl"), "-sS", "--noproxy", "", "--max-time", "20"));
        command.addAll(List.of(options));
        return Commands.run(directory, command);
    }

    private Curl() {}
}
