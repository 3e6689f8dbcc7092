package io.sallyport.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.process.Software;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

@DisplayNameGeneration(ReplaceUnderscores.class)
class GatewayMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = GatewayMain.commandLine(arguments);
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    @Test
    void help_names_what_a_host_in_the_dmz_has() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("  gateway  ", "  status  ").doesNotContain("  agent ");
    }

    @Test
    void a_gateways_options_are_told() {
        assertThat(run("gateway", "--help")).isZero();
        assertThat(out.toString())
                .startsWith("Usage: sallyport gateway [-hV] -c=FILE")
                .contains(
                        "-c=FILE", "--drain=TIME", "--log-format=<format>", "--log-level=<level>");
    }

    @Test
    void the_version_is_told_on_request() {
        assertThat(run("--version")).isZero();
        assertThat(run("gateway", "--version")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(Software.versionLine(), Software.versionLine());
    }

    @Test
    void without_a_command_the_commands_are_shown_as_an_error() {
        assertThat(run()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("Usage: sallyport [-hV] [COMMAND]");
    }

    @Test
    void an_option_that_does_not_fit_is_one_sentence() {
        assertThat(run("gateway", "-c", "gateway.yaml", "--log-format", "xml")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("sallyport: Invalid value for option '--log-format': expected one of")
                .hasLineCount(1);
    }
}
