package io.sallyport.copy.ftp;

import io.sallyport.copy.remote.Route;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.commons.net.ftp.FTPSClient;
import org.jspecify.annotations.Nullable;

/**
 * FTPS that goes any route, with data connections that resume the TLS session of the control
 * connection.
 */
final class SecureFtp extends FTPSClient {
    private static final Duration DRAIN_TIME_MAX = Duration.ofSeconds(5);

    private final SSLContext tls;
    private @Nullable SSLSocket data;

    SecureFtp(boolean implicit, SSLContext tls) {
        super(implicit, tls);
        this.tls = tls;
        setEndpointCheckingEnabled(true);
    }

    /** Encrypts data connections, too; to be called when connected. */
    void protectData(Route route, String host) throws IOException {
        execPBSZ(0);
        execPROT("P");
        // That has set factories which know no route, and put TLS on in another way than we do.
        setSocketFactory(route.sockets());
        setServerSocketFactory(route.listeners(host));
    }

    @Override
    protected @Nullable Socket _openDataConnection_(String command, String argument)
            throws IOException {
        @Nullable Socket plain = super._openDataConnection_(command, argument);
        if (plain == null) {
            return null;
        }
        try {
            int controlPort = _socket_.getPort();
            var secure =
                    (SSLSocket)
                            tls.getSocketFactory()
                                    .createSocket(
                                            new SameSessionSocket(plain, controlPort),
                                            _hostname_,
                                            controlPort,
                                            true);
            secure.setUseClientMode(true);
            var parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            data = secure;
            return secure;
        } catch (IOException | RuntimeException failure) {
            plain.close();
            throw failure;
        }
    }

    /**
     * Ends an upload in order, and reads what the server still says: session tickets, without which
     * the next data connection can't resume. Closing with them unread would even reset the
     * connection.
     */
    void endUpload() throws IOException {
        SSLSocket ending = data;
        if (ending == null) {
            return;
        }
        ending.shutdownOutput();
        try {
            ending.setSoTimeout((int) DRAIN_TIME_MAX.toMillis());
            ending.getInputStream().readNBytes(1);
        } catch (IOException serverLeftWithoutAWord) {
            // It has our end, and will say on the control connection what it makes of it.
            data = null;
        }
    }
}
