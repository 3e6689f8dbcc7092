package io.sallyport.acceptance;

import static io.sallyport.acceptance.peer.Progress.awaitAtLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sallyport.acceptance.ftp.CurlFtp;
import io.sallyport.acceptance.ftp.DataMode;
import io.sallyport.acceptance.ftp.Family;
import io.sallyport.acceptance.ftp.FtpClientKind;
import io.sallyport.acceptance.ftp.FtpConversation;
import io.sallyport.acceptance.ftp.FtpFleet;
import io.sallyport.acceptance.ftp.FtpMaterial;
import io.sallyport.acceptance.ftp.FtpMode;
import io.sallyport.acceptance.ftp.FtpRow;
import io.sallyport.acceptance.ftp.FtpServer;
import io.sallyport.acceptance.ftp.FtpServerKind;
import io.sallyport.acceptance.ftp.FtpTarget;
import io.sallyport.acceptance.ftp.FtpTls;
import io.sallyport.acceptance.ftp.FtpWorkspace;
import io.sallyport.acceptance.ftp.PythonFtplib;
import io.sallyport.acceptance.ftp.ScriptedFtpOrigin;
import io.sallyport.acceptance.ftp.ServerIdentity;
import io.sallyport.acceptance.ftp.Vsftpd;
import io.sallyport.acceptance.ftp.Vsftpd.Upload;
import io.sallyport.acceptance.peer.Ending;
import io.sallyport.acceptance.peer.OriginSession;
import io.sallyport.acceptance.peer.Pace;
import io.sallyport.acceptance.peer.Partner;
import io.sallyport.acceptance.peer.Payload;
import io.sallyport.acceptance.peer.Receipt;
import io.sallyport.acceptance.peer.TcpOrigin;
import io.sallyport.acceptance.product.Deployment;
import io.sallyport.acceptance.product.Encryption;
import io.sallyport.acceptance.product.Footprint;
import io.sallyport.acceptance.product.Ports;
import io.sallyport.acceptance.product.RunningProcess;
import io.sallyport.acceptance.product.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In FTP the end of the data connection is the end of the file: whatever dies in the middle of one,
 * in whichever mode, neither the origin nor the partner takes what it has for the whole.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(120)
class FtpIntegrityTest {
    private static final long BEGUN_BYTES = 1 << 20;
    private static final int LARGE_MEBIBYTES = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Where TLS ends before the origin, which then can't tell a broken upload from the TLS. */
    private static final List<FtpMode> WITNESSED =
            List.of(FtpMode.PLAIN, FtpMode.ENDED_EXPLICIT, FtpMode.ENDED_IMPLICIT);

    @AutoClose private static final TcpOrigin witness = TcpOrigin.sink();
    @AutoClose private static final ScriptedFtpOrigin scripted = new ScriptedFtpOrigin(witness);
    private static ServerIdentity identity;
    @AutoClose private static FtpFleet fleet;
    private static FtpMaterial material;
    @AutoClose private static Deployment deployment;
    private static Path local;
    private static int count;
    private Footprint before;
    private final List<Transfer> transfers = new ArrayList<>();

    /** What dies while files are on their way in every mode. */
    enum Fault {
        GATEWAY,
        AGENT;

        void strike() {
            switch (this) {
                case GATEWAY -> deployment.gateway().kill();
                case AGENT -> deployment.agent().kill();
            }
        }
    }

    /** A curl that takes its time, and the file that grows. */
    private record Transfer(String name, FtpRow row, RunningProcess curl, Path grows) {
        boolean isUpload() {
            return name.startsWith("up-");
        }

        boolean hasBegun() {
            try {
                return Files.exists(grows) && Files.size(grows) >= BEGUN_BYTES;
            } catch (IOException cannotRead) {
                throw new UncheckedIOException(cannotRead);
            }
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory, @TempDir Path product, @TempDir Path clients) {
        fleet = new FtpFleet(directory, List.of(FtpServerKind.VSFTPD));
        material = new FtpMaterial(directory);
        local = clients;
        identity = ServerIdentity.make(directory, "witness");
        deployment =
                new Deployment(product, Encryption.AUTO)
                        .services(fleet.services())
                        .services(
                                WITNESSED.stream()
                                        .map(FtpIntegrityTest::witnessed)
                                        .toArray(Service[]::new))
                        .start();
    }

    @BeforeEach
    void remember() {
        before = deployment.footprint();
    }

    @AfterEach
    void everything_is_back_where_it_was() {
        transfers.forEach(transfer -> transfer.curl().close());
        deployment.restartKilled();
        deployment.awaitBackAt(before);
    }

    @ParameterizedTest
    @EnumSource
    void when_a_process_of_ours_is_killed_nothing_looks_whole(Fault fault) {
        for (FtpMode mode : modes()) {
            FtpRow row = row(mode);
            FtpWorkspace workspace = workspace(row);
            transfers.add(upload(row, workspace));
            transfers.add(download(row, workspace));
        }
        await().atMost(PATIENCE).until(() -> transfers.stream().allMatch(Transfer::hasBegun));

        fault.strike();

        for (Transfer transfer : transfers) {
            assertThat(transfer.curl().awaitExit(PATIENCE)).as(transfer.name()).isNotZero();
        }
        deployment.restartKilled();
        deployment.awaitBackAt(before);
        // A vsftpd that has lost its control connection may say nothing more.
        assertThat(transfers.stream().filter(Transfer::isUpload))
                .noneMatch(upload -> server(upload.row()).upload(upload.name()) == Upload.WHOLE);
    }

    @ParameterizedTest
    @EnumSource
    void when_a_process_of_ours_is_killed_the_origin_sees_a_reset(Fault fault) {
        List<OriginSession> uploads = new ArrayList<>();
        for (FtpMode mode : WITNESSED) {
            transfers.add(witnessedUpload(mode));
            uploads.add(witness.nextSession());
        }
        uploads.forEach(upload -> awaitAtLeast(BEGUN_BYTES, upload::receivedBytes));

        fault.strike();

        assertThat(uploads).allMatch(upload -> upload.receipt().ending() == Ending.RESET);
    }

    @Test
    void an_upload_whose_partner_is_killed_is_no_file_where_there_is_tls() {
        for (FtpMode mode : modes()) {
            if (mode.clientTls() != FtpTls.NONE) {
                FtpRow row = row(mode);
                transfers.add(upload(row, workspace(row)));
            }
        }
        await().atMost(PATIENCE).until(() -> transfers.stream().allMatch(Transfer::hasBegun));

        transfers.forEach(transfer -> transfer.curl().kill());

        transfers.forEach(FtpIntegrityTest::awaitBroken);
    }

    @ParameterizedTest
    @EnumSource(names = {"ENDED_EXPLICIT", "ENDED_IMPLICIT"})
    void an_upload_whose_partner_is_killed_ends_by_a_reset_at_the_origin(FtpMode mode) {
        Transfer transfer = witnessedUpload(mode);
        transfers.add(transfer);
        OriginSession upload = witness.nextSession();
        awaitAtLeast(BEGUN_BYTES, upload::receivedBytes);

        transfer.curl().kill();

        assertThat(upload.receipt().ending()).isEqualTo(Ending.RESET);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.MATCH_ALL, names = "(PASS_THROUGH|ENDED).*")
    void an_upload_whose_tls_ends_without_close_notify_is_no_file(FtpMode mode) {
        FtpRow row = row(mode);
        FtpWorkspace workspace = workspace(row);

        String outcome = PythonFtplib.tearUpload(fleet.target(row, deployment), workspace);

        assertThat(outcome).isEqualTo("ok");
        await().atMost(PATIENCE).until(() -> server(row).upload("torn"), Upload.BROKEN::equals);
    }

    @Test
    void an_upload_that_the_partner_resets_is_no_file_without_tls_either() {
        FtpRow row = row(FtpMode.PLAIN);
        FtpWorkspace workspace = workspace(row);
        try (var session = conversation(row)) {
            session.say("TYPE I");
            try (var data = Partner.connect(session.passive().getPort())) {
                session.say("STOR " + workspace.remote() + "/reset-" + count);
                data.send(new Payload(1, 500_000)).reset();
            }

            assertThat(session.reply()).startsWith("4");
        }
        assertThat(server(row).upload("reset-" + count)).isEqualTo(Upload.BROKEN);
    }

    @Test
    void a_transfer_goes_on_as_long_as_the_origin_keeps_it_when_the_control_connection_ends() {
        FtpRow row = row(FtpMode.PLAIN);
        FtpWorkspace workspace = workspace(row);
        var session = conversation(row);
        session.say("TYPE I");
        try (var data = Partner.connect(session.passive().getPort())) {
            session.say("RETR " + workspace.remote() + "/large");
            data.receive(1_000);

            session.close();

            // The rest, as vsftpd looks after its control connection only when a transfer is done.
            Receipt rest = data.receiveAll(Pace.EAGER);
            assertThat(rest.ending()).isEqualTo(Ending.ORDERLY);
            assertThat(rest.bytes()).isEqualTo(((long) LARGE_MEBIBYTES << 20) - 1_000);
        }
    }

    private static Transfer witnessedUpload(FtpMode mode) {
        var target =
                new FtpTarget(
                        new InetSocketAddress(
                                InetAddress.ofLiteral("127.0.0.1"),
                                deployment.port("witness-" + mode)),
                        "partner",
                        "open-sesame",
                        mode.clientTls(),
                        identity.certificate());
        List<String> command = CurlFtp.command(target, DataMode.EPSV);
        command.addAll(
                List.of(
                        "--limit-rate",
                        "1M",
                        "-T",
                        material.large().toString(),
                        target.url("/up")));
        return new Transfer(
                "witnessed-" + mode,
                row(mode),
                RunningProcess.start("witnessed-" + mode, local, Map.of(), command),
                material.large());
    }

    private static Service witnessed(FtpMode mode) {
        int first = Ports.freeRange(10);
        Service service =
                Service.of("witness-" + mode, scripted.port())
                        .protocol(
                                switch (mode.clientTls()) {
                                    case NONE -> "ftp";
                                    case EXPLICIT -> "ftps";
                                    case IMPLICIT -> "ftps-implicit";
                                })
                        .with("passive", "{ports: %d-%d}".formatted(first, first + 9));
        return mode.isEnded()
                ? service.with(
                        "tls",
                        "{certificate: \"%s\", key: \"%s\"}"
                                .formatted(identity.certificate(), identity.key()))
                : service;
    }

    private Transfer upload(FtpRow row, FtpWorkspace workspace) {
        String name = "up-" + row.mode() + count;
        return transfer(
                name,
                row,
                workspace.origin().resolve(name),
                "-T",
                material.large().toString(),
                target(row).url(workspace.remote() + "/" + name));
    }

    private Transfer download(FtpRow row, FtpWorkspace workspace) {
        Path file = workspace.local().resolve("down");
        return transfer(
                "down-" + row.mode(),
                row,
                file,
                "-o",
                file.toString(),
                target(row).url(workspace.remote() + "/large"));
    }

    private static Transfer transfer(String name, FtpRow row, Path grows, String... arguments) {
        List<String> command = CurlFtp.command(target(row), row.data());
        command.addAll(List.of("--limit-rate", "1M"));
        command.addAll(List.of(arguments));
        return new Transfer(name, row, RunningProcess.start(name, local, Map.of(), command), grows);
    }

    private static void awaitBroken(Transfer transfer) {
        await(transfer.name())
                .atMost(PATIENCE)
                .until(() -> server(transfer.row()).upload(transfer.name()), Upload.BROKEN::equals);
    }

    private static FtpConversation conversation(FtpRow row) {
        FtpServer server = fleet.server(row);
        return FtpConversation.begin(fleet.target(row, deployment).address(), "127.0.0.1")
                .login(server);
    }

    private static FtpTarget target(FtpRow row) {
        return fleet.target(row, deployment).upTo(row.newestTls());
    }

    private static Vsftpd server(FtpRow row) {
        return (Vsftpd) fleet.server(row);
    }

    private static FtpWorkspace workspace(FtpRow row) {
        count++;
        return FtpWorkspace.prepare(fleet.server(row), row.mode() + "-" + count, local, material);
    }

    private static FtpRow row(FtpMode mode) {
        return new FtpRow(
                mode, FtpServerKind.VSFTPD, FtpClientKind.CURL, DataMode.EPSV, Family.IPV4);
    }

    private static List<FtpMode> modes() {
        return List.of(FtpMode.values()).stream().filter(mode -> !mode.isDirect()).toList();
    }
}
