package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Crowd;
import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** curl, one process for each operation. */
public final class CurlFtp extends StepByStep {
    private final FtpTarget target;
    private final DataMode mode;
    private final FtpWorkspace workspace;

    CurlFtp(FtpTarget target, DataMode mode, FtpWorkspace workspace) {
        this.target = target;
        this.mode = mode;
        this.workspace = workspace;
    }

    @Override
    void list() {
        curl("-o", local("list"), url("/"));
    }

    @Override
    void listForMachines() {
        curl("-X", "MLSD", "-o", local("mlsd"), url("/"));
    }

    @Override
    void store() {
        curl("-T", workspace.material().large().toString(), url("/stored"));
    }

    @Override
    void retrieve() {
        curl("-o", local("retrieved"), url("/large"));
    }

    @Override
    void resumeDownload() {
        curl("-C", "-", "-o", local("resumed"), url("/medium"));
    }

    @Override
    void append() {
        curl("--append", "-T", workspace.material().tail().toString(), url("/appended"));
    }

    @Override
    void abort() {
        throw new UnsupportedOperationException("curl never sends ABOR");
    }

    @Override
    void storeHundredFiles() {
        curl("-T", workspace.material().small() + "/f[000-099]", url("/small/"));
    }

    @Override
    void twoSessions() throws IOException {
        Path medium = workspace.material().medium();
        Crowd.inParallel(
                List.of(
                        () -> curl("-T", medium.toString(), url("/first")),
                        () -> curl("-o", local("second"), url("/medium"))));
        if (!Files.exists(workspace.local().resolve("second"))) {
            throw new IOException("nothing was downloaded");
        }
    }

    private String url(String path) {
        return target.url(workspace.remote() + path);
    }

    private String local(String name) {
        return workspace.local().resolve(name).toString();
    }

    private CommandResult curl(String... arguments) {
        List<String> command = command(target, mode);
        command.addAll(List.of(arguments));
        return Commands.mustRun(workspace.local(), command.toArray(String[]::new));
    }

    /** A curl up to and without what it transfers. */
    public static List<String> command(FtpTarget target, DataMode mode) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Programs.path("curl"),
                                "--silent",
                                "--show-error",
                                // Or it tells only how the last of several went.
                                "--fail-early",
                                "--noproxy",
                                "*",
                                "--connect-timeout",
                                "20",
                                "--speed-time",
                                "20"));
        command.addAll(
                switch (mode) {
                    // The address that is announced is to be believed: it has to be right.
                    case PASV -> List.of("--disable-epsv", "--no-ftp-skip-pasv-ip");
                    case EPSV -> List.of();
                    case PORT -> List.of("--disable-eprt", "--ftp-port", target.host());
                    case EPRT -> List.of("--ftp-port", target.host());
                });
        if (target.tls() != FtpTls.NONE) {
            command.addAll(List.of("--ssl-reqd", "--cacert", target.trusted().toString()));
            command.addAll(
                    switch (target.newestTls()) {
                        case TLS_1_2 -> List.of("--tls-max", "1.2");
                        case TLS_1_3 -> List.of();
                    });
        }
        return command;
    }
}
