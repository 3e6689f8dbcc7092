package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Crowd;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.jspecify.annotations.Nullable;

/** Apache Commons Net, in this process. */
final class CommonsNetFtp extends StepByStep {
    private static final int BLOCK_BYTES = 65_536;
    private static final int PATIENCE_MILLIS = 25_000;

    private final FtpTarget target;
    private final DataMode mode;
    private final FtpWorkspace workspace;

    CommonsNetFtp(FtpTarget target, DataMode mode, FtpWorkspace workspace) {
        this.target = target;
        this.mode = mode;
        this.workspace = workspace;
    }

    @Override
    void list() throws IOException {
        with(client -> writeNames(client, "list", client.listFiles()));
    }

    @Override
    void listForMachines() throws IOException {
        with(client -> writeNames(client, "mlsd", client.mlistDir()));
    }

    @Override
    void store() throws IOException {
        with(client -> store(client, workspace.material().large(), "stored"));
    }

    @Override
    void retrieve() throws IOException {
        with(client -> retrieve(client, "large", "retrieved"));
    }

    @Override
    void resumeDownload() throws IOException {
        with(client -> {
            client.setRestartOffset(Files.size(local("resumed")));
            retrieve(client, "medium", "resumed");
        });
    }

    @Override
    void append() throws IOException {
        with(client -> {
            try (InputStream in = Files.newInputStream(workspace.material().tail())) {
                must(client, client.appendFile("appended", in));
            }
        });
    }

    @Override
    void abort() throws IOException {
        with(client -> {
            try (InputStream in = stream(client, client.retrieveFileStream("large"))) {
                must(client, in.readNBytes(BLOCK_BYTES).length == BLOCK_BYTES);
            } catch (SocketException reset) {
                // Closing what has not ended may fail, and what follows tells whether it did.
            }
            client.sendCommand("ABOR");
            // One reply or two, as the server has it: those to NOOP tell where they end.
            int reply = client.sendCommand("NOOP");
            while (reply != FTPReply.COMMAND_OK) {
                reply = client.getReply();
            }
            retrieve(client, "listed-1", "after-abort");
        });
    }

    @Override
    void storeHundredFiles() throws IOException {
        with(client -> {
            try (Stream<Path> files = Files.list(workspace.material().small())) {
                for (Path file : files.sorted().toList()) {
                    store(client, file, "small/" + file.getFileName());
                }
            }
        });
    }

    @Override
    void twoSessions() throws IOException {
        Crowd.inParallel(
                List.of(
                        () -> with(client -> store(client, workspace.material().medium(), "first")),
                        () -> with(client -> retrieve(client, "medium", "second"))));
    }

    private void store(FTPClient client, Path from, String to) throws IOException {
        try (InputStream in = Files.newInputStream(from)) {
            must(client, client.storeFile(to, in));
        }
    }

    private void retrieve(FTPClient client, String from, String to) throws IOException {
        try (OutputStream out =
                Files.newOutputStream(
                        local(to), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            must(client, client.retrieveFile(from, out));
        }
    }

    private void writeNames(FTPClient client, String file, FTPFile[] entries) throws IOException {
        must(client, entries.length > 0);
        Files.write(local(file), Stream.of(entries).map(FTPFile::getName).toList());
    }

    private Path local(String name) {
        return workspace.local().resolve(name);
    }

    /** Does something in a session of its own. */
    private boolean with(Session session) throws IOException {
        FTPClient client = connect(target, mode);
        try {
            must(client, client.changeWorkingDirectory(workspace.remote()));
            session.use(client);
            must(client, client.logout());
            return true;
        } finally {
            client.disconnect();
        }
    }

    /** A client that has logged in and asks for data connections in the wanted way. */
    static FTPClient connect(FtpTarget target, DataMode mode) throws IOException {
        FTPClient client =
                target.tls() == FtpTls.NONE
                        ? new FTPClient() {
                            @Override
                            public int port(InetAddress host, int port) throws IOException {
                                return mode == DataMode.EPRT
                                        ? eprt(host, port)
                                        : super.port(host, port);
                            }
                        }
                        : new ResumingFtpsClient(target, mode);
        client.setConnectTimeout(PATIENCE_MILLIS);
        client.setDefaultTimeout(PATIENCE_MILLIS);
        client.setDataTimeout(Duration.ofMillis(PATIENCE_MILLIS));
        client.setBufferSize(BLOCK_BYTES);
        client.setUseEPSVwithIPv4(mode == DataMode.EPSV);
        // The address that is announced is to be believed: it has to be right.
        client.setIpAddressFromPasvResponse(true);
        client.setPassiveNatWorkaroundStrategy(null);
        client.connect(target.host(), target.port());
        must(client, client.login(target.user(), target.password()));
        if (client instanceof ResumingFtpsClient secure) {
            secure.execPBSZ(0);
            secure.execPROT("P");
            secure.useOwnDataConnections();
        }
        if (mode.isPassive()) {
            client.enterLocalPassiveMode();
        } else {
            client.enterLocalActiveMode();
        }
        must(client, client.setFileType(FTP.BINARY_FILE_TYPE));
        return client;
    }

    static void must(FTPClient client, boolean success) throws IOException {
        if (!success) {
            throw new IOException(
                    "the server said " + String.join(" ", client.getReplyStrings()).strip());
        }
    }

    private static InputStream stream(FTPClient client, @Nullable InputStream in)
            throws IOException {
        must(client, in != null);
        return Objects.requireNonNull(in);
    }

    private interface Session {
        void use(FTPClient client) throws IOException;
    }
}
