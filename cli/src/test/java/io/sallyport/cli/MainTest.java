package io.sallyport.cli;

import static io.sallyport.cli.Run.sallyport;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.process.Software;
import io.sallyport.process.command.UserErrors;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MainTest {
    @Test
    void help_names_every_command() {
        var run = sallyport("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("init ", "issue ", "gateway ");
    }

    @Test
    void every_command_has_a_help_of_its_own() {
        var commands = Main.commandLine().getSubcommands().keySet();

        assertThat(commands).isNotEmpty();
        assertThat(commands)
                .allSatisfy(name ->
                        assertThat(sallyport(name, "--help").out())
                                .startsWith("Usage: sallyport " + name));
    }

    @Test
    void the_version_is_told_on_request() {
        assertThat(sallyport("--version").out())
                .isEqualTo(
                        "sallyport %s, Java %s%n"
                                .formatted(Software.version(), System.getProperty("java.version")));
    }

    @Test
    void every_command_tells_the_version_too() {
        assertThat(Main.commandLine().getSubcommands().keySet())
                .allSatisfy(name ->
                        assertThat(sallyport(name, "--version").out())
                                .isEqualTo(Software.versionLine() + System.lineSeparator()));
    }

    @Test
    void without_a_command_the_commands_are_shown_as_an_error() {
        var run = sallyport();

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("Usage: sallyport ");
    }

    @Test
    void a_mistyped_command_is_answered_with_the_nearest_one() {
        var run = sallyport("inti");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        "sallyport: Unmatched argument at index 0: 'inti'; did you mean 'init'?"
                                + " See 'sallyport --help'\n");
    }

    @Test
    void a_missing_argument_is_one_sentence() {
        var run = sallyport("init");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        "sallyport: Missing required parameter: 'DIR';"
                                + " see 'sallyport init --help'\n");
    }

    @Test
    void a_defect_is_one_sentence_that_tells_where_the_details_are() {
        var run = Run.of(UserErrors.installedIn(new CommandLine(new Defective())));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToNormalizingNewlines(
                        "sallyport: unexpected java.lang.IllegalStateException: oops;"
                                + " SALLYPORT_DEBUG=1 in the environment shows the details\n");
    }

    @Command(name = "defective")
    private static final class Defective implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("oops");
        }
    }
}
