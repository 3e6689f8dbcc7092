package io.sallyport.origins;

import static io.sallyport.origins.TestFiles.ANY_LOOPBACK_PORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.scp.client.ScpClient;
import org.apache.sshd.scp.client.ScpClientCreator;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SshOriginTest {
    private static final Set<PosixFilePermission> PERMISSIONS =
            PosixFilePermissions.fromString("rw-r--r--");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir Path outside;
    private Path folder;
    private final KeyPair hostKey = SshKeys.generate();
    private final KeyPair userKey = SshKeys.generate();
    private SshOrigin origin;
    private SshClient client;

    @BeforeEach
    void an_origin_and_a_client() throws IOException {
        folder = Files.createDirectory(outside.resolve("shared"));
        Files.writeString(outside.resolve("secret"), "secret");
        origin =
                SshOrigin.start(
                        ANY_LOOPBACK_PORT,
                        folder,
                        hostKey,
                        userKey.getPublic(),
                        new Login("demo", "open sesame"));
        client = SshClient.setUpDefaultClient();
        client.setServerKeyVerifier((_, _, key) -> key.equals(hostKey.getPublic()));
        client.start();
    }

    @AfterEach
    void close() throws IOException {
        client.stop();
        origin.close();
    }

    @Test
    void a_file_put_by_sftp_comes_back_as_it_was() throws IOException {
        byte[] content = TestFiles.bytes(1, 3_000_000);
        try (var session = login();
                var sftp = SftpClientFactory.instance().createSftpClient(session)) {
            put(sftp, "/file.bin", content);

            assertThat(folder.resolve("file.bin")).hasBinaryContent(content);
            assertThat(get(sftp, "/file.bin")).isEqualTo(content);
        }
    }

    @Test
    void a_file_put_by_scp_comes_back_as_it_was() throws IOException {
        byte[] content = TestFiles.bytes(2, 3_000_000);
        try (var session = login()) {
            ScpClient scp = ScpClientCreator.instance().createScpClient(session);
            scp.upload(content, "/file.bin", PERMISSIONS, null);

            assertThat(folder.resolve("file.bin")).hasBinaryContent(content);
            assertThat(scp.downloadBytes("/file.bin")).isEqualTo(content);
        }
    }

    @Test
    void sixteen_sessions_transfer_at_the_same_time() throws Exception {
        var transfers = new ArrayList<Callable<?>>();
        for (int i = 0; i < 16; i++) {
            byte[] content = TestFiles.bytes(i, 1_000_000);
            String name = "/file" + i;
            transfers.add(() -> {
                try (var session = login();
                        var sftp = SftpClientFactory.instance().createSftpClient(session)) {
                    put(sftp, name, content);
                    return assertThat(get(sftp, name)).isEqualTo(content);
                }
            });
        }
        TestFiles.inParallel(transfers);
    }

    @Test
    void the_folder_is_the_whole_world() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        try (var session = login();
                var sftp = SftpClientFactory.instance().createSftpClient(session)) {
            assertThat(sftp.canonicalPath(".")).isEqualTo("/");
            assertThat(sftp.canonicalPath("/sub/../../..")).isEqualTo("/");
            assertThat(names(sftp, "/../..")).contains("sub").doesNotContain("secret", "shared");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../secret", "/../secret", "/sub/../../secret", "out/secret", "/out-file"})
    void no_name_reaches_a_file_outside(String name) throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.createSymbolicLink(folder.resolve("out-file"), outside.resolve("secret"));
        try (var session = login();
                var sftp = SftpClientFactory.instance().createSftpClient(session)) {
            ScpClient scp = ScpClientCreator.instance().createScpClient(session);

            assertThatThrownBy(() -> get(sftp, name)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sftp.stat(name)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> scp.downloadBytes(name)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void nothing_is_written_outside() throws IOException {
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.createSymbolicLink(folder.resolve("dangling"), outside.resolve("new"));
        try (var session = login();
                var sftp = SftpClientFactory.instance().createSftpClient(session)) {
            ScpClient scp = ScpClientCreator.instance().createScpClient(session);

            assertThatThrownBy(() -> put(sftp, "out/new", new byte[1]))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> put(sftp, "dangling", new byte[1]))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sftp.mkdir("out/new")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sftp.rename("out/secret", "secret"))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> scp.upload(new byte[1], "out/new", PERMISSIONS, null))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> scp.upload(new byte[1], "dangling", PERMISSIONS, null))
                    .isInstanceOf(IOException.class);
        }
        assertThat(outside.resolve("new")).doesNotExist();
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void a_link_that_leads_out_is_not_listed_and_does_not_hide_the_others() throws IOException {
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.writeString(folder.resolve("file"), "here");
        try (var session = login();
                var sftp = SftpClientFactory.instance().createSftpClient(session)) {
            assertThat(names(sftp, "/")).contains("file").doesNotContain("out");
        }
    }

    @Test
    void a_partner_cannot_make_links() throws IOException {
        try (var session = login();
                var sftp = SftpClientFactory.instance().createSftpClient(session)) {
            assertThatThrownBy(() -> sftp.symLink("here", ".")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> sftp.symLink("up", "here/..")).isInstanceOf(IOException.class);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void there_is_no_shell_no_command_and_no_forwarding() throws Exception {
        Files.createFile(folder.resolve("target"));
        try (var session = login()) {
            CoreModuleProperties.REQUEST_SHELL_REPLY.set(session, true);
            try (var shell = session.createShellChannel()) {
                shell.open().verify(DEADLINE);
                assertThat(shell.waitFor(List.of(ClientChannelEvent.CLOSED), DEADLINE))
                        .contains(ClientChannelEvent.CLOSED);
            }
            try (ChannelExec command =
                    session.createExecChannel("touch " + outside.resolve("touched"))) {
                command.open().verify(DEADLINE);
                command.waitFor(
                        List.of(ClientChannelEvent.EXIT_STATUS, ClientChannelEvent.CLOSED),
                        DEADLINE);
                assertThat(command.getExitStatus()).isEqualTo(1);
            }
            var anywhere = new SshdSocketAddress("127.0.0.1", 0);
            assertThatThrownBy(() -> session.startRemotePortForwarding(anywhere, anywhere))
                    .isInstanceOf(IOException.class);
            try (var tunnel =
                    session.createDirectTcpipChannel(
                            anywhere,
                            new SshdSocketAddress("127.0.0.1", origin.address().getPort()))) {
                assertThatThrownBy(() -> tunnel.open().verify(DEADLINE))
                        .isInstanceOf(IOException.class);
            }
        }
        assertThat(outside.resolve("touched")).doesNotExist();
    }

    @Test
    void the_password_lets_in_its_user_and_nobody_else() throws IOException {
        try (var session = connect("demo")) {
            session.addPasswordIdentity("open sesame");
            assertThat(session.auth().verify(DEADLINE).isSuccess()).isTrue();
        }
        assertThatThrownBy(() -> authenticate("demo", "wrong")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> authenticate("somebody", "open sesame"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void another_key_does_not_let_in() throws IOException {
        try (var session = connect("demo")) {
            session.addPublicKeyIdentity(SshKeys.generate());
            assertThatThrownBy(() -> session.auth().verify(DEADLINE))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void without_a_login_only_the_key_lets_in() throws IOException {
        try (var keyOnly =
                        SshOrigin.start(ANY_LOOPBACK_PORT, folder, hostKey, userKey.getPublic());
                var session =
                        client.connect("demo", keyOnly.address()).verify(DEADLINE).getSession()) {
            session.addPasswordIdentity("open sesame");
            assertThatThrownBy(() -> session.auth().verify(DEADLINE))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_port_in_use_is_said_with_its_reason() {
        assertThatThrownBy(() ->
                        SshOrigin.start(origin.address(), folder, hostKey, userKey.getPublic()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void once_closed_it_listens_no_more_and_its_sessions_have_ended() throws IOException {
        try (var session = login()) {
            origin.close();
            assertThat(session.waitFor(List.of(ClientSession.ClientSessionEvent.CLOSED), DEADLINE))
                    .contains(ClientSession.ClientSessionEvent.CLOSED);
        }
        assertThatThrownBy(() ->
                        new Socket(origin.address().getAddress(), origin.address().getPort())
                                .close())
                .isInstanceOf(IOException.class);
    }

    @Test
    void bouncy_castle_is_on_the_class_path_but_not_registered() throws ClassNotFoundException {
        Class.forName("org.bouncycastle.jce.provider.BouncyCastleProvider");
        assertThat(Security.getProvider("BC")).isNull();
    }

    private ClientSession connect(String user) throws IOException {
        return client.connect(user, origin.address()).verify(DEADLINE).getSession();
    }

    private void authenticate(String user, String password) throws IOException {
        try (var session = connect(user)) {
            session.addPasswordIdentity(password);
            session.auth().verify(DEADLINE);
        }
    }

    private ClientSession login() throws IOException {
        ClientSession session = connect("demo");
        session.addPublicKeyIdentity(userKey);
        session.auth().verify(DEADLINE);
        return session;
    }

    private static void put(SftpClient sftp, String name, byte[] content) throws IOException {
        try (var out = sftp.write(name)) {
            out.write(content);
        }
    }

    private static byte[] get(SftpClient sftp, String name) throws IOException {
        try (var in = sftp.read(name)) {
            var content = new ByteArrayOutputStream();
            in.transferTo(content);
            return content.toByteArray();
        }
    }

    private static List<String> names(SftpClient sftp, String directory) throws IOException {
        var names = new ArrayList<String>();
        for (DirEntry entry : sftp.readDir(directory)) {
            names.add(entry.getFilename());
        }
        return names;
    }
}
