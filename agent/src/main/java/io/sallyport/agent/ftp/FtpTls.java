package io.sallyport.agent.ftp;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.OriginTls;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.process.OperatorException;
import io.sallyport.relay.tls.FtpsOrigin;
import io.sallyport.relay.tls.FtpsServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one service, read once for all its sessions.
 *
 * @param partners null if TLS does not end here
 * @param origin null if the origin is spoken to in plain
 */
record FtpTls(@Nullable FtpsServer partners, @Nullable FtpsOrigin origin) {
    static final FtpTls NONE = new FtpTls(null, null);

    /**
     * Reads the files of all services.
     *
     * @throws OperatorException with a sentence for the operator, if one can't be used
     */
    static Map<String, FtpTls> of(AgentConfig config) {
        Map<String, FtpTls> byService = new HashMap<>();
        for (ServiceConfig service : config.services()) {
            if (service.ftp() != null) {
                byService.put(service.name(), of(service.name(), service.ftp()));
            }
        }
        return Map.copyOf(byService);
    }

    private static FtpTls of(String service, FtpConfig ftp) {
        try {
            FtpsServer partners =
                    ftp.tls() instanceof PartnerTls.Ended ended
                            ? FtpsServer.of(
                                    ended.certificate(), ended.key(), ended.clientAuthority())
                            : null;
            OriginTls origin = ftp.originTls();
            return new FtpTls(
                    partners,
                    origin == null ? null : FtpsOrigin.of(origin.authority(), origin.name()));
        } catch (IOException unusable) {
            throw new OperatorException(
                    "services." + service + ": " + unusable.getMessage(), unusable);
        }
    }
}
