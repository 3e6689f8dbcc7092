package io.sallyport.cli;

import io.sallyport.cli.pki.AuthorityFiles;
import io.sallyport.cli.pki.CertifiedHost;
import io.sallyport.process.yaml.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport issue}: one more identity of an authority that init has made. */
@Command(
        name = "issue",
        description =
                "Write another agent's or gateway's identity, signed by the authority of init.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class IssueCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "The name in the certificate and of its files.")
    private String name;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where ca.crt and ca.key are, and where to write (default: here).")
    private Path folder;

    @Option(
            names = "--gateway",
            paramLabel = "HOST",
            split = ",",
            converter = HostArgument.class,
            description = "Issue a gateway's identity for these hosts, separated by commas.")
    private List<CertifiedHost> hosts = List.of();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireName();
        var authority =
                AuthorityFiles.read(
                        folder.resolve("ca.crt"), folder.resolve("ca.key"), InstantSource.system());
        var identity =
                hosts.isEmpty() ? authority.issueAgent(name) : authority.issueGateway(name, hosts);
        new NewFiles(folder).addIdentity(name, identity).write();
        spec.commandLine()
                .getOut()
                .printf(
                        "Wrote %s.crt and %1$s.key, the identity of %s.%n",
                        folder.resolve(name), hosts.isEmpty() ? "an agent" : "a gateway");
        return 0;
    }

    /** It becomes a file name too. */
    private void requireName() {
        var reader = Values.NAME_VALUE;
        try {
            reader.parse(name, folder);
        } catch (IllegalArgumentException unfit) {
            throw new ParameterException(
                    spec.commandLine(),
                    "NAME must be " + reader.wanted() + ", but is '" + name + "'");
        }
    }
}
