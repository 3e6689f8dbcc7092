package io.sallyport.client;

import static io.sallyport.client.SocksServer.PARTNER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;
import io.sallyport.origins.FtpOrigin;
import io.sallyport.origins.FtpPassive;
import io.sallyport.origins.HttpOrigin;
import io.sallyport.origins.Login;
import io.sallyport.origins.SshKeys;
import io.sallyport.origins.SshOrigin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2Connector;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that people use reach a partner, of which they know the name only, through an agent. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@Timeout(60)
class ClientsTest {
    private static final Login LOGIN = new Login("partner", "secret");
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final byte[] PAYLOAD = new byte[3_000_000];

    private SocksServer agent;
    private ForwardProxy proxy;

    @TempDir private Path keys;
    @TempDir private Path folder;

    @BeforeEach
    void start() throws IOException {
        new Random(4).nextBytes(PAYLOAD);
        agent = new SocksServer();
        proxy = ForwardProxy.at("127.0.0.1", agent.port());
    }

    @AfterEach
    void close() throws IOException {
        agent.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commons_net_ftp(boolean active) throws IOException {
        try (FtpOrigin origin = FtpOrigin.start(ANY_PORT, folder, LOGIN, FtpPassive.anyPort())) {
            var ftp = new FTPClient();
            ftp.setSocketFactory(proxy.socketFactory());
            ftp.setServerSocketFactory(proxy.serverSocketFactory(PARTNER));
            ftp.connect(PARTNER, origin.address().getPort());
            storeAndFetch(ftp, active);
        }
        assertThat(agent.requests())
                .filteredOn(request -> request.startsWith(active ? "BIND" : "CONNECT"))
                .hasSize(active ? 2 : 3)
                .allMatch(request -> request.contains(PARTNER));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void commons_net_ftps(boolean active) throws Exception {
        var identity = TestIdentity.in(keys, "EC");
        try (FtpOrigin origin =
                FtpOrigin.startExplicitTls(
                        ANY_PORT, folder, LOGIN, FtpPassive.anyPort(), identity.server())) {
            var ftps = new FtpsThroughAgent(proxy, identity.client());
            ftps.connect(PARTNER, origin.address().getPort());
            ftps.protectData(PARTNER);
            storeAndFetch(ftps, active);
        }
    }

    private void storeAndFetch(FTPClient ftp, boolean active) throws IOException {
        assertThat(ftp.login(LOGIN.user(), LOGIN.password())).isTrue();
        ftp.setFileType(FTP.BINARY_FILE_TYPE);
        if (active) {
            ftp.enterLocalActiveMode();
        } else {
            ftp.enterLocalPassiveMode();
        }
        assertThat(ftp.storeFile("file", new ByteArrayInputStream(PAYLOAD))).isTrue();
        var back = new ByteArrayOutputStream();
        assertThat(ftp.retrieveFile("file", back)).isTrue();
        ftp.disconnect();

        assertThat(back.toByteArray()).isEqualTo(PAYLOAD);
        assertThat(folder.resolve("file")).hasBinaryContent(PAYLOAD);
    }

    @Test
    void apache_mina_sshd() throws IOException {
        KeyPair userKey = SshKeys.generate();
        try (SshOrigin origin =
                        SshOrigin.start(
                                ANY_PORT, folder, SshKeys.generate(), userKey.getPublic(), LOGIN);
                SshClient ssh = SshClient.setUpDefaultClient()) {
            ssh.setIoServiceFactoryFactory(new ThroughAgent(proxy));
            ssh.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
            ssh.start();
            try (var session =
                    ssh.connect(LOGIN.user(), PARTNER, origin.address().getPort())
                            .verify()
                            .getSession()) {
                session.addPasswordIdentity(LOGIN.password());
                session.auth().verify();
                var sftp = SftpClientFactory.instance().createSftpClient(session);
                try (OutputStream out = sftp.write("file")) {
                    out.write(PAYLOAD);
                }
                try (InputStream in = sftp.read("file")) {
                    assertThat(in.readAllBytes()).isEqualTo(PAYLOAD);
                }
            }
        }
        assertThat(agent.requests()).singleElement().asString().contains(PARTNER);
    }

    /** Lets Apache MINA SSHD open its connections through an agent. */
    static final class ThroughAgent extends Nio2ServiceFactoryFactory {
        private final ForwardProxy proxy;

        ThroughAgent(ForwardProxy proxy) {
            this.proxy = proxy;
        }

        @Override
        public IoServiceFactory create(FactoryManager manager) {
            var channels = threads(manager, "channels");
            return new Nio2ServiceFactory(manager, channels, threads(manager, "resume")) {
                @Override
                public IoConnector createConnector(IoHandler handler) {
                    return autowireCreatedService(
                            new Connector(this, manager, handler, groupOf(channels), channels));
                }
            };
        }

        private static CloseableExecutorService threads(FactoryManager manager, String name) {
            return ThreadUtils.newCachedThreadPool(manager + "-" + name);
        }

        private static AsynchronousChannelGroup groupOf(ExecutorService threads) {
            try {
                return AsynchronousChannelGroup.withCachedThreadPool(threads, 1);
            } catch (IOException noGroup) {
                throw new UncheckedIOException(noGroup);
            }
        }

        private final class Connector extends Nio2Connector {
            Connector(
                    Nio2ServiceFactory factory,
                    FactoryManager manager,
                    IoHandler handler,
                    AsynchronousChannelGroup group,
                    ExecutorService threads) {
                super(factory, manager, handler, group, threads);
            }

            @Override
            protected AsynchronousSocketChannel openAsynchronousSocketChannel(
                    SocketAddress partner, AsynchronousChannelGroup group) throws IOException {
                return proxy.openChannel(group);
            }
        }
    }

    @Test
    void jsch() throws Exception {
        try (SshOrigin origin =
                SshOrigin.start(
                        ANY_PORT,
                        folder,
                        SshKeys.generate(),
                        SshKeys.generate().getPublic(),
                        LOGIN)) {
            Session session =
                    new JSch().getSession(LOGIN.user(), PARTNER, origin.address().getPort());
            session.setSocketFactory(
                    new com.jcraft.jsch.SocketFactory() {
                        @Override
                        public Socket createSocket(String host, int port) throws IOException {
                            return proxy.socketFactory().createSocket(host, port);
                        }

                        @Override
                        public InputStream getInputStream(Socket socket) throws IOException {
                            return socket.getInputStream();
                        }

                        @Override
                        public OutputStream getOutputStream(Socket socket) throws IOException {
                            return socket.getOutputStream();
                        }
                    });
            session.setPassword(LOGIN.password().getBytes(UTF_8));
            session.setConfig("StrictHostKeyChecking", "no");
            session.connect();
            var sftp = (ChannelSftp) session.openChannel("sftp");
            sftp.connect();
            sftp.put(new ByteArrayInputStream(PAYLOAD), "file");
            try (InputStream in = sftp.get("file")) {
                assertThat(in.readAllBytes()).isEqualTo(PAYLOAD);
            }
            session.disconnect();
        }
        assertThat(folder.resolve("file")).hasBinaryContent(PAYLOAD);
    }

    @Test
    void java_net_http() throws Exception {
        Files.write(folder.resolve("file"), PAYLOAD);
        var identity = TestIdentity.in(keys, "EC");
        try (HttpOrigin origin = HttpOrigin.startTls(ANY_PORT, folder, identity.server());
                var entry = new HttpEntry();
                HttpClient http =
                        HttpClient.newBuilder()
                                .proxy(new ForwardProxySelector(entry.address(), null, Set.of()))
                                .sslContext(identity.client())
                                .build()) {
            var response =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "https://127.0.0.1:%d/file"
                                                            .formatted(origin.address().getPort())))
                                    .build(),
                            BodyHandlers.ofByteArray());

            assertThat(response.body()).isEqualTo(PAYLOAD);
            assertThat(entry.requests())
                    .containsExactly("CONNECT 127.0.0.1:" + origin.address().getPort());
        }
    }
}
