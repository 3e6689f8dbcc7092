package io.sallyport.agent.ftp;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.ForwardConfig;
import io.sallyport.agent.config.ForwardConfig.Kind.Ftp;
import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.OriginTls;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.ftp.Settings.ServerTls;
import io.sallyport.process.OperatorException;
import io.sallyport.relay.tls.FtpsClient;
import io.sallyport.relay.tls.FtpsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one service, read once for all its sessions.
 *
 * @param partners null if TLS does not end here
 * @param origin null if the origin is spoken to in plain
 */
record FtpTls(@Nullable FtpsServer partners, @Nullable FtpsClient origin) {
    private static final FtpTls NONE = new FtpTls(null, null);

    /**
     * Those of all services, and the authorities of the partners that entries lead to.
     *
     * @param entries of those that speak TLS to partners
     */
    record All(Map<String, FtpTls> services, Map<Ftp, FtpsClient> entries) {
        /**
         * Reads the files of all of them.
         *
         * @throws OperatorException with a sentence for the operator, if one can't be used
         */
        static All of(AgentConfig config) {
            Map<String, FtpTls> services = new HashMap<>();
            for (ServiceConfig service : config.services()) {
                if (service.ftp() != null) {
                    services.put(service.name(), FtpTls.of(service.name(), service.ftp()));
                }
            }
            Map<Ftp, FtpsClient> entries = new HashMap<>();
            for (ForwardConfig.Entry entry : config.forward().entries()) {
                if (entry.kind() instanceof Ftp ftp && ftp.tls() != ServerTls.NONE) {
                    entries.put(ftp, client(entry.name(), ftp.authority()));
                }
            }
            return new All(Map.copyOf(services), Map.copyOf(entries));
        }

        FtpTls ofService(String name) {
            return services.getOrDefault(name, NONE);
        }

        @Nullable FtpsClient ofEntry(Ftp entry) {
            return entries.get(entry);
        }
    }

    private static FtpsClient client(String entry, @Nullable Path authority) {
        try {
            return FtpsClient.of(authority);
        } catch (IOException unusable) {
            throw new OperatorException(entry + ": " + unusable.getMessage(), unusable);
        }
    }

    private static FtpTls of(String service, FtpConfig ftp) {
        try {
            FtpsServer partners =
                    ftp.tls() instanceof PartnerTls.Ended ended
                            ? FtpsServer.of(
                                    ended.certificate(), ended.key(), ended.clientAuthority())
                            : null;
            OriginTls origin = ftp.originTls();
            return new FtpTls(partners, origin == null ? null : FtpsClient.of(origin.authority()));
        } catch (IOException unusable) {
            throw new OperatorException(
                    "services." + service + ": " + unusable.getMessage(), unusable);
        }
    }
}
