package io.sallyport.acceptance.peer;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** The first flight of a TLS handshake: what it takes to make a server work and wait. */
public final class ClientHello {
    /**
     * @param protocol the ALPN name that is asked for
     */
    public static byte[] bytes(String protocol) {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine("127.0.0.1", 1);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3"});
            parameters.setApplicationProtocols(new String[] {protocol});
            engine.setSSLParameters(parameters);
            var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), hello);
            return Arrays.copyOf(hello.array(), hello.position());
        } catch (NoSuchAlgorithmException | SSLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private ClientHello() {}
}
