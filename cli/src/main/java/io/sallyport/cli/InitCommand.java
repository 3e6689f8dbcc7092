package io.sallyport.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.cli.pki.CertificateAuthority;
import io.sallyport.cli.pki.CertifiedHost;
import io.sallyport.process.HostPort;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport init}: an authority, one gateway and one agent, ready to run. */
@Command(
        name = "init",
        description =
                "Write a certificate authority, the identities of one gateway and one agent, and"
                        + " their configuration files.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InitCommand implements Callable<Integer> {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    @Parameters(paramLabel = "DIR", description = "The folder to write to; made if need be.")
    private Path folder;

    @Option(
            names = "--gateway",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7443",
            converter = GatewayAddress.class,
            description = "Where the agent dials the gateway (default: ${DEFAULT-VALUE}).")
    private HostPort gateway;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var authority = CertificateAuthority.create(InstantSource.system());
        var hosts =
                Stream.concat(Stream.of(gateway.host()), LOOPBACK.stream())
                        .distinct()
                        .map(CertifiedHost::new)
                        .toList();
        new NewFiles(folder)
                .addIdentity("ca", authority.identity())
                .addIdentity("gateway", authority.issueGateway("dmz-1", hosts))
                .addIdentity("agent", authority.issueAgent("inside-1"))
                .add("gateway.yaml", template("gateway.yaml").replace("${listen}", listen()))
                .add("agent.yaml", template("agent.yaml").replace("${gateway}", gateway.toString()))
                .write();
        spec.commandLine().getOut().println(nextSteps());
        return 0;
    }

    /** Nobody else's business as long as the agent is on the same host, else every address. */
    private String listen() {
        String host = gateway.host().equals("localhost") ? "127.0.0.1" : gateway.host();
        boolean ipv6 = host.contains(":");
        boolean sameHost =
                new CertifiedHost(host).isAddress()
                        && InetAddress.ofLiteral(host).isLoopbackAddress();
        String everywhere = ipv6 ? "::" : "0.0.0.0";
        return new HostPort(sameHost ? host : everywhere, gateway.port()).toString();
    }

    private String nextSteps() {
        return """
        Wrote an authority (ca), a gateway and an agent to %1$s. Start both:
          sallyport gateway -c %1$s/gateway.yaml
          sallyport agent -c %1$s/agent.yaml
        On two hosts: gateway.* and ca.crt go to one, agent.* and ca.crt to the other, ca.key to none.\
        """
                .formatted(folder);
    }

    private static String template(String name) throws IOException {
        try (var stream = InitCommand.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new FileNotFoundException(name + " is missing in the program");
            }
            return new String(stream.readAllBytes(), UTF_8);
        }
    }
}
