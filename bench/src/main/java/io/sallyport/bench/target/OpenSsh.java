package io.sallyport.bench.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code ssh -R}: what many have instead of a gateway. */
record OpenSsh(Programs programs) implements Target {
    private static final String USER = System.getProperty("user.name");
    private static final String PRIVILEGE_SEPARATION_USER = "sshd";

    @Override
    public String name() {
        return "ssh";
    }

    @Override
    public String description() {
        return "OpenSSH, ssh -R, aes128-gcm, all sessions on one connection";
    }

    @Override
    public Optional<String> missing() {
        return programs.missing("sshd", "ssh", "ssh-keygen")
                .or(OpenSsh::missingPrivilegeSeparationUser);
    }

    /** As whom root's sshd confines itself before a login; unpacking its package makes no user. */
    private static Optional<String> missingPrivilegeSeparationUser() {
        if (!USER.equals("root")) {
            return Optional.empty();
        }
        try {
            FileSystems.getDefault()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(PRIVILEGE_SEPARATION_USER);
            return Optional.empty();
        } catch (IOException noSuchUser) {
            return Optional.of(
                    "root's sshd needs the user "
                            + PRIVILEGE_SEPARATION_USER
                            + ": install openssh-server, or measure as another user");
        }
    }

    @Override
    public Chain start(Path directory, int originPort, Duration roundTrip) {
        return Plan.start(
                directory,
                roundTrip,
                plan -> {
                    int door = Server.freePort();
                    int partners = Server.freePort();
                    makeKey(directory, "host_key");
                    makeKey(directory, "user_key");
                    makePrivilegeSeparationFolder();
                    Path file = plan.write("sshd_config", configuration(directory, door));
                    plan.startListening(
                            "sshd",
                            door,
                            programs.environment(),
                            List.of(programs.path("sshd"), "-D", "-e", "-f", file.toString()));
                    int dialed = plan.behindNetwork(door);
                    plan.startListening(
                            "ssh",
                            partners,
                            programs.environment(),
                            client(directory, dialed, partners, originPort));
                    return partners;
                });
    }

    private void makeKey(Path directory, String name) {
        String file = directory.resolve(name).toString();
        Server.run(
                directory,
                programs.environment(),
                programs.path("ssh-keygen"),
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                file);
    }

    /** Where sshd confines itself before a login; its package makes it at boot only. */
    private static void makePrivilegeSeparationFolder() {
        if (USER.equals("root")) {
            try {
                Files.createDirectories(Path.of("/run/sshd"));
            } catch (IOException cannotMake) {
                throw new UncheckedIOException(cannotMake);
            }
        }
    }

    private List<String> client(Path directory, int door, int partners, int origin) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                programs.path("ssh"),
                                "-N",
                                "-F",
                                "none",
                                "-c",
                                "aes128-gcm@openssh.com",
                                "-p",
                                Integer.toString(door),
                                "-i",
                                directory.resolve("user_key").toString(),
                                "-R",
                                "127.0.0.1:" + partners + ":127.0.0.1:" + origin));
        for (String option :
                List.of(
                        "IdentitiesOnly=yes",
                        "BatchMode=yes",
                        "StrictHostKeyChecking=no",
                        "UserKnownHostsFile=/dev/null",
                        "ExitOnForwardFailure=yes")) {
            command.add("-o" + option);
        }
        command.add(USER + "@127.0.0.1");
        return command;
    }

    private static String configuration(Path directory, int port) {
        return """
        Port %d
        ListenAddress 127.0.0.1
        HostKey %s
        AuthorizedKeysFile %s
        PidFile none
        StrictModes no
        UsePAM no
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        PermitRootLogin prohibit-password
        AllowTcpForwarding yes
        """
                .formatted(port, directory.resolve("host_key"), directory.resolve("user_key.pub"));
    }
}
