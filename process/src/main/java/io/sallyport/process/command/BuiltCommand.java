package io.sallyport.process.command;

import io.sallyport.process.Software;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command that is built by methods. Others have annotations, which the JDK takes a tenth of a
 * gateway's start to read: docs/decisions/0028.
 */
public final class BuiltCommand implements Callable<Integer> {
    /** What a command does. */
    @FunctionalInterface
    public interface Body {
        /** Returns the exit code. */
        int run(CommandSpec parsed) throws Exception;
    }

    private final Body body;
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    private BuiltCommand(Body body) {
        this.body = body;
    }

    /** With {@code --help} and {@code --version}, as all have them. */
    public static CommandSpec of(String name, String description, Body body) {
        CommandSpec spec = new BuiltCommand(body).spec;
        spec.name(name).version(Software.versionLine());
        spec.usageMessage().description(description);
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build());
        spec.addOption(
                OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
        return spec;
    }

    @Override
    public Integer call() throws Exception {
        return body.run(spec);
    }
}
