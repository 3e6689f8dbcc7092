package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.CommandResult;
import io.sallyport.acceptance.product.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** lftp, one process for each operation. */
final class Lftp extends StepByStep {
    private final FtpTarget target;
    private final DataMode mode;
    private final FtpWorkspace workspace;

    Lftp(FtpTarget target, DataMode mode, FtpWorkspace workspace) {
        this.target = target;
        this.mode = mode;
        this.workspace = workspace;
    }

    @Override
    void list() throws IOException {
        lftp("ls > list");
    }

    @Override
    void listForMachines() throws IOException {
        // It would list by LIST without a word, where it does not trust MLSD.
        CommandResult result = lftp("set ftp:use-mlsd yes", "debug 5", "cls -l > mlsd");
        if (!result.text().contains("---> MLSD")) {
            throw new IOException("MLSD was not used:\n" + result.text());
        }
    }

    @Override
    void store() throws IOException {
        lftp("put %s -o stored".formatted(workspace.material().large()));
    }

    @Override
    void retrieve() throws IOException {
        lftp("get large -o retrieved");
    }

    @Override
    void resumeDownload() throws IOException {
        lftp("get -c medium -o resumed");
    }

    @Override
    void append() throws IOException {
        lftp("put -c %s -o appended".formatted(workspace.material().medium()));
    }

    /** lftp takes pure-ftpd's replies to ABOR for others, waits in vain, and logs in again. */
    @Override
    void abort() throws IOException {
        lftp(
                "set cmd:fail-exit no",
                "set net:timeout 5",
                "set net:reconnect-interval-base 1",
                "cat large | head -c 1000 > beginning",
                "get listed-1 -o after-abort");
    }

    @Override
    void storeHundredFiles() throws IOException {
        lftp("mput -O small %s/f*".formatted(workspace.material().small()));
    }

    @Override
    void twoSessions() throws IOException {
        lftp(
                "set cmd:parallel 2",
                "put %s -o first &".formatted(workspace.material().medium()),
                "get medium -o second &",
                "wait all");
    }

    private CommandResult lftp(String... commands) throws IOException {
        Path script = Files.createTempFile(workspace.local(), "script", ".lftp");
        Files.writeString(
                script,
                settings()
                        + "cd "
                        + workspace.remote()
                        + "\n"
                        + String.join("\n", commands)
                        + "\n");
        return Commands.mustRun(
                workspace.local(), Programs.path("lftp"), "--norc", "-f", script.toString());
    }

    private String settings() {
        return """
        set cmd:fail-exit yes
        set net:max-retries 1
        set net:timeout 20
        set net:persist-retries 0
        set xfer:use-temp-file no
        set xfer:clobber yes
        set ftp:passive-mode %s
        set ftp:auto-passive-mode no
        set ftp:prefer-epsv %s
        set ftp:fix-pasv-address no
        set ftp:ssl-allow %s
        set ftp:ssl-force %s
        set ftp:ssl-protect-data yes
        set ftp:ssl-protect-list yes
        set ssl:verify-certificate yes
        set ssl:ca-file %s
        open %s
        """
                .formatted(
                        yes(mode.isPassive()),
                        yes(mode == DataMode.EPSV),
                        yes(target.tls() != FtpTls.NONE),
                        yes(target.tls() != FtpTls.NONE),
                        target.trusted(),
                        target.url("/"));
    }

    private static String yes(boolean whether) {
        return whether ? "yes" : "no";
    }
}
