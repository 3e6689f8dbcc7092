package io.sallyport.copy;

import io.sallyport.copy.progress.Lines;
import io.sallyport.copy.remote.Route;
import io.sallyport.copy.remote.Secrets;
import io.sallyport.copy.remote.Settings;
import io.sallyport.copy.remote.Trust;
import io.sallyport.origins.FtpOrigin;
import io.sallyport.origins.FtpPassive;
import io.sallyport.origins.HttpOrigin;
import io.sallyport.origins.Login;
import io.sallyport.origins.SshKeys;
import io.sallyport.origins.SshOrigin;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A server of one protocol with a folder, and a user with a folder and what the user trusts. */
final class Scene implements AutoCloseable {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    private static final Login LOGIN = new Login("partner", "secret word");

    private final String scheme;
    private final Path keys;
    private final Path there;
    private final Path here;
    private final Closeable origin;
    private final int port;
    private final StringWriter told = new StringWriter();
    private boolean active;
    private boolean resume;
    private boolean recursive;
    private boolean acceptNew;
    private String password = LOGIN.password();
    private Duration idle = Duration.ofSeconds(20);

    Scene(String scheme, Path folder) throws Exception {
        this.scheme = scheme;
        keys = Files.createDirectory(folder.resolve("keys"));
        there = Files.createDirectory(folder.resolve("there"));
        here = Files.createDirectory(folder.resolve("here"));
        var identity = TestIdentity.in(keys, "EC");
        switch (scheme) {
            case "sftp", "scp" -> {
                KeyPair hostKey = SshKeys.generate();
                var ssh =
                        SshOrigin.start(
                                ANY_PORT, there, hostKey, SshKeys.generate().getPublic(), LOGIN);
                Files.writeString(
                        knownHosts(),
                        SshKeys.knownHostsLine(ssh.address(), hostKey.getPublic()) + "\n");
                origin = ssh::close;
                port = ssh.address().getPort();
            }
            case "ftp", "ftps", "ftps+implicit" -> {
                var passive = FtpPassive.anyPort();
                var tls = identity.server();
                var ftp =
                        switch (scheme) {
                            case "ftp" -> FtpOrigin.start(ANY_PORT, there, LOGIN, passive);
                            case "ftps" ->
                                    FtpOrigin.startExplicitTls(
                                            ANY_PORT, there, LOGIN, passive, tls);
                            default ->
                                    FtpOrigin.startImplicitTls(
                                            ANY_PORT, there, LOGIN, passive, tls);
                        };
                origin = ftp::close;
                port = ftp.address().getPort();
            }
            default -> {
                var http =
                        scheme.equals("http")
                                ? HttpOrigin.start(ANY_PORT, there)
                                : HttpOrigin.startTls(ANY_PORT, there, identity.server());
                origin = http::close;
                port = http.address().getPort();
            }
        }
    }

    Path there(String name) {
        return there.resolve(name);
    }

    Path here(String name) {
        return here.resolve(name);
    }

    Path knownHosts() {
        return keys.resolve("known_hosts");
    }

    String url(String path) {
        return urlAt(port, path);
    }

    String urlAt(int otherPort, String path) {
        String user = scheme.startsWith("http") ? "" : LOGIN.user() + "@";
        return "%s://%s127.0.0.1:%d/%s".formatted(scheme, user, otherPort, path);
    }

    int port() {
        return port;
    }

    Scene active() {
        active = true;
        return this;
    }

    Scene resuming() {
        resume = true;
        return this;
    }

    Scene recursive() {
        recursive = true;
        return this;
    }

    Scene acceptingNewHostKeys() {
        acceptNew = true;
        return this;
    }

    Scene password(String other) {
        password = other;
        return this;
    }

    Scene patience(Duration other) {
        idle = other;
        return this;
    }

    /** What was told, line by line. */
    String told() {
        return told.toString();
    }

    int copy(String source, Object target) throws IOException {
        return copy(List.of(source), target.toString());
    }

    int copy(List<String> sources, String target) throws IOException {
        var settings =
                new Settings(
                        new Route.Direct(),
                        new Trust(null, knownHosts(), acceptNew, keys.resolve("server.crt")),
                        new Secrets() {
                            @Override
                            public Optional<String> password(String userAndServer) {
                                return Optional.of(password);
                            }

                            @Override
                            public Optional<String> passphrase(String file) {
                                return Optional.empty();
                            }
                        },
                        active,
                        Duration.ofSeconds(10),
                        idle);
        try (var copy =
                new Copy(
                        settings,
                        recursive,
                        resume,
                        new Lines(new PrintWriter(told), System::nanoTime))) {
            return copy.run(sources, target);
        }
    }

    @Override
    public void close() throws IOException {
        origin.close();
    }
}
