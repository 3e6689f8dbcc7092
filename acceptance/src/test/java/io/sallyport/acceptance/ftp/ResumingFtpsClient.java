package io.sallyport.acceptance.ftp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.net.DefaultSocketFactory;
import org.apache.commons.net.ftp.FTPSClient;
import org.jspecify.annotations.Nullable;

/**
 * An FTPS client whose data connections resume the TLS session of the control connection. The JDK
 * looks for a session by the name and port that a socket is connected to, so those of data
 * connections say that they are at the port of the control connection. With TLS 1.2, as a ticket of
 * TLS 1.3 is good for one resumption; and without the tickets of TLS 1.2, as vsftpd's live longer
 * than the JDK believes: the Maven module says {@code
 * -Djdk.tls.client.enableSessionTicketExtension=false}.
 */
final class ResumingFtpsClient extends FTPSClient {
    private final SSLContext context;
    private final FtpTarget target;
    private final DataMode mode;

    ResumingFtpsClient(FtpTarget target, DataMode mode) throws IOException {
        this(target, mode, contextThatTrusts(target.trusted()));
    }

    private ResumingFtpsClient(FtpTarget target, DataMode mode, SSLContext context) {
        super(target.tls() == FtpTls.IMPLICIT, context);
        this.context = context;
        this.target = target;
        this.mode = mode;
        setEnabledProtocols(new String[] {"TLSv1.2"});
        setEndpointCheckingEnabled(true);
    }

    @Override
    public int port(InetAddress host, int port) throws IOException {
        return mode == DataMode.EPRT ? eprt(host, port) : super.port(host, port);
    }

    /** Has TLS put on data connections by this class, and not by the one that it extends. */
    void useOwnDataConnections() {
        setSocketFactory(new DataSockets());
        setServerSocketFactory(new DataServerSockets());
    }

    @Override
    protected @Nullable Socket _openDataConnection_(String command, @Nullable String argument)
            throws IOException {
        Socket plain = super._openDataConnection_(command, argument);
        if (plain == null) {
            return null;
        }
        SSLSocket secure =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(plain, target.host(), target.port(), true);
        secure.setUseClientMode(true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.2"});
        // As the control connection has it: a session checked in another way is not resumed.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static SSLContext contextThatTrusts(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Certificate certificate =
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", certificate);
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException cannotTrust) {
            throw new IOException("cannot trust " + file, cannotTrust);
        }
    }

    /** Is at another port than it says. */
    private final class DataSocket extends Socket {
        @Override
        public int getPort() {
            return target.port();
        }
    }

    private final class DataSockets extends DefaultSocketFactory {
        @Override
        public Socket createSocket() {
            return new DataSocket();
        }
    }

    private final class DataServerSockets extends ServerSocketFactory {
        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 1);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return createServerSocket(port, backlog, null);
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, @Nullable InetAddress address)
                throws IOException {
            return new ServerSocket(port, backlog, address) {
                @Override
                public Socket accept() throws IOException {
                    var socket = new DataSocket();
                    implAccept(socket);
                    return socket;
                }
            };
        }
    }
}
