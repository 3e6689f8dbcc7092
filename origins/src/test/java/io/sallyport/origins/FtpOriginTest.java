package io.sallyport.origins;

import static io.sallyport.origins.TestFiles.ANY_LOOPBACK_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class FtpOriginTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Login LOGIN = new Login("demo", "open sesame");

    @TempDir Path outside;
    private Path folder;

    @BeforeEach
    void a_folder_beside_a_secret() throws IOException {
        folder = Files.createDirectory(outside.resolve("shared"));
        Files.writeString(outside.resolve("secret"), "secret");
    }

    @Nested
    class Without_tls {
        private FtpOrigin origin;

        @BeforeEach
        void start() throws IOException {
            origin = FtpOrigin.start(ANY_LOOPBACK_PORT, folder, LOGIN, FtpPassive.anyPort());
        }

        @AfterEach
        void close() {
            origin.close();
        }

        @Test
        void a_file_goes_and_comes_by_passive_mode() throws Exception {
            transfersOneFile(passive(new FTPClient(), origin));
        }

        @Test
        void a_file_goes_and_comes_by_extended_passive_mode() throws Exception {
            var client = new FTPClient();
            client.setUseEPSVwithIPv4(true);
            transfersOneFile(passive(client, origin));
        }

        @Test
        void a_file_goes_and_comes_by_active_mode() throws Exception {
            var client = login(new FTPClient(), origin);
            client.enterLocalActiveMode();
            transfersOneFile(client);
        }

        @Test
        void sixteen_sessions_transfer_at_the_same_time() throws Exception {
            var transfers = new ArrayList<Callable<?>>();
            for (int i = 0; i < 16; i++) {
                byte[] content = TestFiles.bytes(i, 1_000_000);
                String name = "/file" + i;
                transfers.add(() -> {
                    FTPClient client = passive(new FTPClient(), origin);
                    put(client, name, content);
                    assertThat(get(client, name)).isEqualTo(content);
                    client.disconnect();
                    return name;
                });
            }
            TestFiles.inParallel(transfers);
        }

        @Test
        void a_transfer_resumes_where_it_ended() throws Exception {
            byte[] content = TestFiles.bytes(5, 200_000);
            Files.write(folder.resolve("file"), Arrays.copyOf(content, 50_000));
            FTPClient client = passive(new FTPClient(), origin);

            client.setRestartOffset(50_000);
            put(client, "file", Arrays.copyOfRange(content, 50_000, 200_000));
            assertThat(folder.resolve("file")).hasBinaryContent(content);
            client.setRestartOffset(150_000);
            assertThat(get(client, "file"))
                    .isEqualTo(Arrays.copyOfRange(content, 150_000, 200_000));
            client.disconnect();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "../secret",
                    "/../secret",
                    "/sub/../../secret",
                    "out/secret",
                    "/out-file",
                    "../shared/../secret"
                })
        void no_name_reaches_a_file_outside(String name) throws Exception {
            Files.createDirectory(folder.resolve("sub"));
            Files.createSymbolicLink(folder.resolve("out"), outside);
            Files.createSymbolicLink(folder.resolve("out-file"), outside.resolve("secret"));
            FTPClient client = passive(new FTPClient(), origin);

            assertThat(client.retrieveFile(name, new ByteArrayOutputStream())).isFalse();
            assertThat(client.getSize(name)).isNull();
            assertThat(client.mlistFile(name)).isNull();
            assertThat(client.deleteFile(name)).isFalse();
            assertThat(client.rename(name, "mine")).isFalse();
            client.disconnect();
            assertThat(outside.resolve("secret")).hasContent("secret");
        }

        @Test
        void nothing_is_written_outside() throws Exception {
            Files.createSymbolicLink(folder.resolve("out"), outside);
            Files.createSymbolicLink(folder.resolve("dangling"), outside.resolve("new"));
            Files.writeString(folder.resolve("file"), "here");
            FTPClient client = passive(new FTPClient(), origin);

            assertThat(client.storeFile("out/new", new ByteArrayInputStream(new byte[1])))
                    .isFalse();
            assertThat(client.storeFile("dangling", new ByteArrayInputStream(new byte[1])))
                    .isFalse();
            assertThat(client.makeDirectory("out/new")).isFalse();
            assertThat(client.rename("file", "out/new")).isFalse();
            assertThat(client.changeWorkingDirectory("out")).isFalse();
            client.disconnect();
            assertThat(outside.resolve("new")).doesNotExist();
            assertThat(folder.resolve("file")).hasContent("here");
        }

        @Test
        void a_link_that_leads_out_is_not_listed_and_does_not_hide_the_others() throws Exception {
            Files.createSymbolicLink(folder.resolve("out"), outside);
            Files.writeString(folder.resolve("file"), "here");
            FTPClient client = passive(new FTPClient(), origin);

            assertThat(client.listNames()).containsExactly("file");
            assertThat(client.mlistDir())
                    .extracting(FTPFile::getName)
                    .contains("file")
                    .doesNotContain("out");
            client.disconnect();
        }

        @Test
        void the_working_directory_can_be_changed_within_the_folder() throws Exception {
            Files.createDirectory(folder.resolve("sub"));
            FTPClient client = passive(new FTPClient(), origin);

            assertThat(client.changeWorkingDirectory("sub")).isTrue();
            put(client, "file", new byte[] {1});
            assertThat(client.printWorkingDirectory()).isEqualTo("/sub");
            assertThat(client.changeWorkingDirectory("../..")).isTrue();
            assertThat(client.printWorkingDirectory()).isEqualTo("/");
            client.disconnect();
            assertThat(folder.resolve("sub/file")).hasBinaryContent(new byte[] {1});
        }

        @Test
        void nobody_else_is_let_in() throws Exception {
            assertThat(loginReply(origin, "demo", "wrong")).isEqualTo(FTPReply.NOT_LOGGED_IN);
            assertThat(loginReply(origin, "somebody", "open sesame"))
                    .isEqualTo(FTPReply.NOT_LOGGED_IN);
            assertThat(loginReply(origin, "anonymous", "a@b")).isEqualTo(FTPReply.NOT_LOGGED_IN);
        }

        @Test
        void a_port_in_use_is_said_with_its_reason() {
            assertThatThrownBy(() ->
                            FtpOrigin.start(origin.address(), folder, LOGIN, FtpPassive.anyPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(String.valueOf(origin.address().getPort()))
                    .hasMessageContaining("in use");
        }

        @Test
        void once_closed_it_listens_no_more_and_its_sessions_have_ended() throws Exception {
            FTPClient client = passive(new FTPClient(), origin);
            origin.close();

            await().atMost(DEADLINE).until(() -> !answers(client));
            assertThatThrownBy(() ->
                            new Socket(origin.address().getAddress(), origin.address().getPort())
                                    .close())
                    .isInstanceOf(IOException.class);
        }

        @Test
        void closing_it_ends_a_download_that_nobody_reads() throws Exception {
            int length = 50_000_000;
            Files.write(folder.resolve("file"), new byte[length]);
            FTPClient client = passive(new FTPClient(), origin);
            var download = client.retrieveFileStream("file");
            assertThat(download.readNBytes(1000)).hasSize(1000);

            origin.close();
            assertThat(TestFiles.bytesUntilTheEnd(download)).isLessThan(length - 1000);
            client.disconnect();
        }
    }

    @Nested
    class With_tls {
        private TestIdentity identity;

        @BeforeEach
        void an_identity() throws Exception {
            identity = TestIdentity.in(outside, "EC");
        }

        @Test
        void a_file_goes_and_comes_when_the_client_asks_for_tls() throws Exception {
            try (var origin = explicit()) {
                transfersOneFile(passive(new FTPSClient(false, identity.client()), origin));
            }
        }

        @Test
        void a_file_goes_and_comes_by_active_mode() throws Exception {
            try (var origin = explicit()) {
                FTPSClient client = new FTPSClient(false, identity.client());
                login(client, origin);
                protectData(client);
                client.enterLocalActiveMode();
                transfersOneFile(client);
            }
        }

        @Test
        void a_client_that_does_not_ask_for_tls_is_served_without() throws Exception {
            try (var origin = explicit()) {
                transfersOneFile(passive(new FTPClient(), origin));
            }
        }

        @Test
        void a_file_goes_and_comes_when_tls_comes_first() throws Exception {
            try (var origin =
                    FtpOrigin.startImplicitTls(
                            ANY_LOOPBACK_PORT,
                            folder,
                            LOGIN,
                            FtpPassive.anyPort(),
                            identity.server())) {
                transfersOneFile(passive(new FTPSClient(true, identity.client()), origin));
            }
        }

        private FtpOrigin explicit() throws IOException {
            return FtpOrigin.startExplicitTls(
                    ANY_LOOPBACK_PORT, folder, LOGIN, FtpPassive.anyPort(), identity.server());
        }
    }

    @Nested
    class With_passive_ports_of_its_own {

        @Test
        void data_connections_use_them() throws Exception {
            // Nobody else on this machine takes ports of that address by chance.
            InetAddress quiet = InetAddress.ofLiteral("127.0.0.2");
            int port = freePort(quiet);
            FtpPassive passive = FtpPassive.range(port, port);
            try (var origin =
                    FtpOrigin.start(new InetSocketAddress(quiet, 0), folder, LOGIN, passive)) {
                FTPClient client = passive(new FTPClient(), origin);
                put(client, "file", new byte[1]);
                assertThat(client.getPassivePort()).isEqualTo(port);
                client.disconnect();
            }
        }

        @Test
        void the_reply_names_the_address_that_partners_reach_and_the_socket_is_where_the_origin_is()
                throws Exception {
            var here = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0);
            FtpPassive passive =
                    FtpPassive.anyPort().advertising(InetAddress.ofLiteral("127.0.0.3"));
            try (var origin = FtpOrigin.start(here, folder, LOGIN, passive)) {
                FTPClient client = login(new FTPClient(), origin);
                client.pasv();
                assertThat(client.getReplyString()).contains("(127,0,0,3,");
                String[] numbers =
                        client.getReplyString().replaceAll("(?s).*\\(|\\).*", "").split(",", -1);
                int port = Integer.parseInt(numbers[4]) * 256 + Integer.parseInt(numbers[5]);
                new Socket("127.0.0.2", port).close();
                client.disconnect();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"0 10", "10 9", "1 65536"})
        void a_range_that_is_none_is_refused(String range) {
            List<Integer> ends = Arrays.stream(range.split(" ", -1)).map(Integer::valueOf).toList();
            assertThatThrownBy(() -> FtpPassive.range(ends.getFirst(), ends.getLast()))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        private int freePort(InetAddress address) throws IOException {
            try (var socket = new ServerSocket(0, 1, address)) {
                return socket.getLocalPort();
            }
        }
    }

    private void transfersOneFile(FTPClient client) throws IOException {
        byte[] content = TestFiles.bytes(7, 3_000_000);
        put(client, "/file.bin", content);
        assertThat(folder.resolve("file.bin")).hasBinaryContent(content);
        assertThat(get(client, "/file.bin")).isEqualTo(content);
        assertThat(client.listNames()).containsExactly("file.bin");
        client.disconnect();
    }

    private static <C extends FTPClient> C login(C client, FtpOrigin origin) throws IOException {
        client.setDefaultTimeout((int) DEADLINE.toMillis());
        client.setDataTimeout(DEADLINE);
        client.connect(origin.address().getAddress(), origin.address().getPort());
        assertThat(client.login(LOGIN.user(), LOGIN.password())).isTrue();
        assertThat(client.setFileType(FTP.BINARY_FILE_TYPE)).isTrue();
        return client;
    }

    private static FTPClient passive(FTPClient client, FtpOrigin origin) throws IOException {
        login(client, origin);
        if (client instanceof FTPSClient tls) {
            protectData(tls);
        }
        client.enterLocalPassiveMode();
        return client;
    }

    private static void protectData(FTPSClient client) throws IOException {
        client.execPBSZ(0);
        client.execPROT("P");
    }

    private static void put(FTPClient client, String name, byte[] content) throws IOException {
        assertThat(client.storeFile(name, new ByteArrayInputStream(content))).isTrue();
    }

    private static byte[] get(FTPClient client, String name) throws IOException {
        var content = new ByteArrayOutputStream();
        assertThat(client.retrieveFile(name, content)).isTrue();
        return content.toByteArray();
    }

    private static int loginReply(FtpOrigin origin, String user, String password)
            throws IOException {
        var client = new FTPClient();
        client.connect(origin.address().getAddress(), origin.address().getPort());
        try {
            client.login(user, password);
            return client.getReplyCode();
        } finally {
            client.disconnect();
        }
    }

    private static boolean answers(FTPClient client) {
        try {
            return client.sendNoOp();
        } catch (IOException _) {
            return false;
        }
    }
}
