package io.sallyport.agent.link;

import io.netty.handler.ssl.SslContext;
import io.sallyport.agent.config.AgentConfig;
import io.sallyport.process.OperatorException;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.tls.TlsContexts;
import java.time.Duration;
import javax.net.ssl.SSLException;

/**
 * How gateways are dialed.
 *
 * @param heartbeat how often a gateway is pinged, and how long it may take to answer
 * @param connectTimeout how long dialing may take, handshake included
 * @param reuse whether a TLS connection whose session ended in order may carry a next one
 */
public record LinkSettings(
        SslContext controlTls,
        SslContext dataTls,
        Duration heartbeat,
        Duration connectTimeout,
        boolean reuse) {

    /**
     * Reads the identity's files.
     *
     * @throws OperatorException with a sentence for the operator
     */
    public static LinkSettings of(AgentConfig config) {
        try {
            return new LinkSettings(
                    context(config, Protocol.ALPN_CONTROL),
                    context(config, Protocol.ALPN_DATA),
                    config.heartbeat(),
                    config.connectTimeout(),
                    config.reuse());
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new OperatorException(
                    "agent.tls: the certificate, key or trust can't be used: "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    private static SslContext context(AgentConfig config, String protocol) throws SSLException {
        return TlsContexts.client(
                config.tls().certificate(), config.tls().key(), config.tls().trust(), protocol);
    }
}
