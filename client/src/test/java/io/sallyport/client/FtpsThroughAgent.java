package io.sallyport.client;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.commons.net.ftp.FTPSClient;
import org.jspecify.annotations.Nullable;

/** Commons Net puts TLS on data connections only if it makes them itself: so this does. */
final class FtpsThroughAgent extends FTPSClient {
    private final ForwardProxy proxy;
    private final SSLContext tls;

    FtpsThroughAgent(ForwardProxy proxy, SSLContext tls) {
        super(false, tls);
        this.proxy = proxy;
        this.tls = tls;
        setSocketFactory(proxy.socketFactory());
    }

    /** To be called when connected: encrypts data connections, too. */
    void protectData(String host) throws IOException {
        execPBSZ(0);
        execPROT("P"); // which sets factories that know nothing of the agent
        setSocketFactory(proxy.socketFactory());
        setServerSocketFactory(proxy.serverSocketFactory(host));
    }

    @Override
    protected @Nullable Socket _openDataConnection_(String command, String argument)
            throws IOException {
        @Nullable Socket data = super._openDataConnection_(command, argument);
        if (data == null) {
            return null;
        }
        var secure =
                (SSLSocket)
                        tls.getSocketFactory().createSocket(data, _hostname_, data.getPort(), true);
        secure.startHandshake();
        return secure;
    }
}
