package io.sallyport.acceptance.peer;

import io.sallyport.acceptance.product.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real sshd with keys of its own, and what its clients need to come without a prompt. */
public final class OpenSsh implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String USER = System.getProperty("user.name");

    private final Path directory;
    private final Server server;

    private OpenSsh(Path directory, Server server) {
        this.directory = directory;
        this.server = server;
    }

    /** Starts sshd with all it needs in a directory. */
    public static OpenSsh start(Path directory) {
        String sshd = Programs.path("sshd");
        try {
            for (String key : List.of("host_key", "user_key")) {
                Commands.mustRun(
                        directory,
                        Programs.path("ssh-keygen"),
                        "-q",
                        "-t",
                        "ed25519",
                        "-N",
                        "",
                        "-f",
                        directory.resolve(key).toString());
            }
            Files.copy(directory.resolve("user_key.pub"), directory.resolve("authorized_keys"));
            Files.writeString(
                    directory.resolve("known_hosts"),
                    "origin " + Files.readString(directory.resolve("host_key.pub")));
            if (USER.equals("root")) {
                // Where sshd confines itself before a login; its package makes it at boot only.
                Files.createDirectories(Path.of("/run/sshd"));
            }
        } catch (IOException cannotPrepare) {
            throw new UncheckedIOException(cannotPrepare);
        }
        Server server =
                Server.start(
                        "sshd",
                        directory,
                        port ->
                                List.of(
                                        sshd,
                                        "-D",
                                        "-e",
                                        "-f",
                                        configuration(directory, port).toString()));
        return new OpenSsh(directory, server);
    }

    public int port() {
        return server.port();
    }

    /** An sftp client's command up to and without the destination. */
    public List<String> sftp(int port, Path batch) {
        List<String> command = client("sftp", "-P", port);
        command.addAll(List.of("-q", "-b", batch.toString()));
        return command;
    }

    /** An scp client's command up to and without the files. */
    public List<String> scp(int port) {
        List<String> command = client("scp", "-P", port);
        command.add("-q");
        return command;
    }

    /** The remote shell for rsync's {@code -e}. */
    public String remoteShell(int port) {
        return String.join(" ", client("ssh", "-p", port));
    }

    /** The private key of a user who may log in. */
    public Path userKey() {
        return directory.resolve("user_key");
    }

    /** Where the clients go. */
    public String destination() {
        return USER + "@" + HOST;
    }

    @Override
    public void close() {
        server.close();
    }

    private List<String> client(String program, String portOption, int port) {
        return new ArrayList<>(
                List.of(
                        Programs.path(program),
                        "-F",
                        "none",
                        portOption,
                        Integer.toString(port),
                        "-i",
                        userKey().toString(),
                        "-oIdentitiesOnly=yes",
                        "-oBatchMode=yes",
                        "-oStrictHostKeyChecking=yes",
                        "-oHostKeyAlias=origin",
                        "-oUserKnownHostsFile=" + directory.resolve("known_hosts"),
                        "-oConnectTimeout=20"));
    }

    /** Its sessions have a home of their own: what the user's shell reads there is no test's. */
    private static Path configuration(Path directory, int port) {
        try {
            return Files.writeString(
                    directory.resolve("sshd_config"),
                    """
                    Port %d
                    ListenAddress %s
                    HostKey %s
                    AuthorizedKeysFile %s
                    PidFile none
                    StrictModes no
                    UsePAM no
                    PasswordAuthentication no
                    KbdInteractiveAuthentication no
                    PermitRootLogin prohibit-password
                    MaxStartups 200:100:300
                    Subsystem sftp internal-sftp
                    SetEnv HOME=%s
                    """
                            .formatted(
                                    port,
                                    HOST,
                                    directory.resolve("host_key"),
                                    directory.resolve("authorized_keys"),
                                    directory));
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }
}
