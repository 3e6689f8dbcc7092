package io.sallyport.cli.copy;

import io.sallyport.copy.Copy;
import io.sallyport.copy.progress.Bar;
import io.sallyport.copy.progress.JsonEvents;
import io.sallyport.copy.progress.Lines;
import io.sallyport.copy.progress.Progress;
import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.Route;
import io.sallyport.copy.remote.Settings;
import io.sallyport.copy.remote.Trust;
import io.sallyport.process.log.Logging;
import io.sallyport.process.yaml.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sallyport copy}: files to and from partners, through an agent or direct. */
@Command(
        name = "copy",
        description = {
            "Copies files between here and sftp://, scp://, ftp://, ftps://, ftps+implicit://,"
                    + " http:// and https:// servers, through an agent's forward proxy.",
            "A file stands under its name only when it is whole."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all was copied",
            "1:a transfer failed",
            "2:faulty arguments or configuration",
            "3:refused by the policy of the agent or the gateway",
            "4:a login was refused, or a host key",
            "5:the agent or the server cannot be reached"
        },
        footer = {
            "",
            "Passwords are taken from SALLYPORT_PASSWORD, SALLYPORT_PASSPHRASE (of --identity) and"
                    + " SALLYPORT_PROXY_PASSWORD, or typed when asked."
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class CopyCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SRC... DST",
            hideParamSyntax = true,
            arity = "2..*",
            description = "Local paths and URLs; one side is local. * and ? match remote names.")
    private List<String> paths;

    @ArgGroup(multiplicity = "1")
    private Way way;

    /** One of the two must be said: whoever means the gateway must not go around it by omission. */
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    private static final class Way {
        @Option(
                names = {"-c", "--config"},
                paramLabel = "agent.yaml",
                description = "The agent to go through, by its forward.socks and forward.http.")
        private @Nullable Path agent;

        @Option(names = "--direct", description = "Go without an agent.")
        private boolean direct;
    }

    @Option(
            names = "--proxy-user",
            paramLabel = "NAME",
            description = "The user at the agent's entry, if that asks for one.")
    private @Nullable String proxyUser;

    @Option(
            names = {"-r", "--recursive"},
            description = "Copy folders with all that is in them.")
    private boolean recursive;

    @Option(names = "--resume", description = "Go on with what was cut before.")
    private boolean resume;

    @Option(names = "--active", description = "FTP: the server connects data connections back.")
    private boolean active;

    @Option(
            names = {"-i", "--identity"},
            paramLabel = "FILE",
            description = "A private key for SSH.")
    private @Nullable Path identity;

    @Option(
            names = "--known-hosts",
            paramLabel = "FILE",
            defaultValue = "$${sys:user.home}/.ssh/known_hosts",
            description = "The host keys that are trusted (default: ~/.ssh/known_hosts).")
    private Path knownHosts;

    @Option(
            names = "--accept-new-host-key",
            description = "Trust the key of a host that is not in the file, and add it.")
    private boolean acceptNewHostKey;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "PEM certificates to trust in TLS, in place of the JDK's.")
    private @Nullable Path authorities;

    @Option(
            names = "--connect-timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long connecting and logging in may take (default: 30).")
    private int connectSeconds;

    @Option(
            names = "--idle-timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long nothing may move (default: 60).")
    private int idleSeconds;

    @Option(names = "--json", description = "Tell what happens as JSON, one event a line.")
    private boolean json;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws IOException, ConfigurationException {
        Logging.none();
        Progress progress = progress();
        try (var copy = new Copy(settings(), recursive, resume, progress)) {
            return copy.run(paths.subList(0, paths.size() - 1), paths.getLast());
        } catch (CopyException failure) {
            progress.failed(paths.getLast(), failure.getMessage(), failure.kind().exitCode());
            return failure.kind().exitCode();
        }
    }

    private Settings settings() throws CopyException, ConfigurationException {
        if (connectSeconds < 1 || idleSeconds < 1) {
            throw CopyException.usage("a timeout is 1 second or more");
        }
        var passwords = new Passwords(System.getenv());
        return new Settings(
                route(passwords),
                new Trust(identity, knownHosts, acceptNewHostKey, authorities),
                passwords,
                active,
                Duration.ofSeconds(connectSeconds),
                Duration.ofSeconds(idleSeconds));
    }

    private Route route(Passwords passwords) throws ConfigurationException {
        Path agent = way.agent;
        if (way.direct || agent == null) {
            return new Route.Direct();
        }
        @Nullable String password =
                proxyUser == null ? null : passwords.proxyPassword(proxyUser).orElse(null);
        return ForwardEntries.read(agent, proxyUser, password);
    }

    private Progress progress() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (json) {
            return new JsonEvents(out, System::nanoTime);
        }
        return Terminal.find().isPresent()
                ? new Bar(err, System::nanoTime)
                : new Lines(err, System::nanoTime);
    }
}
