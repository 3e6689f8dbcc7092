package io.sallyport.agent.dial;

import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.sallyport.process.OperatorException;
import io.sallyport.process.TlsFiles;
import io.sallyport.protocol.Protocol;
import io.sallyport.relay.tls.TlsContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The agent's identity towards gateways, as its files were when they were read. Has to be released.
 *
 * @param control for control channels
 * @param data for data channels; remembers handshakes, to resume them
 * @param fingerprint differs if a file, or what is in it, differs
 */
public record AgentTls(SslContext control, SslContext data, String fingerprint) {

    /**
     * @throws OperatorException with a sentence for the operator, if the files can't be used
     */
    public static AgentTls of(TlsFiles files) {
        try {
            String fingerprint = fingerprint(files);
            SslContext control = client(files, Protocol.ALPN_CONTROL);
            return new AgentTls(control, client(files, Protocol.ALPN_DATA), fingerprint);
        } catch (IOException | IllegalArgumentException unusable) {
            throw new OperatorException(
                    "agent.tls: the certificate, key or trust can't be used: "
                            + unusable.getMessage(),
                    unusable);
        }
    }

    private static SslContext client(TlsFiles files, String protocol) throws IOException {
        return TlsContexts.client(files.certificate(), files.key(), files.trust(), protocol);
    }

    private static String fingerprint(TlsFiles files) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (Path file : List.of(files.certificate(), files.key(), files.trust())) {
                digest.update(
                        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** To be called when no connection will be made with it any more. */
    public void release() {
        ReferenceCountUtil.release(control);
        ReferenceCountUtil.release(data);
    }
}
