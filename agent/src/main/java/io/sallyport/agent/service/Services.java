package io.sallyport.agent.service;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.AgentConfig.Encryption;
import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.process.OperatorException;
import io.sallyport.process.Ports;
import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.ControlCodec;
import io.sallyport.protocol.ControlMessage.Publish;
import io.sallyport.protocol.DataPorts;
import io.sallyport.protocol.ServiceSpec;
import io.sallyport.relay.RelayTimeouts;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The services of one configuration: what gateways are told of them, and what sessions look up.
 *
 * @param revision grows whenever what gateways are told differs
 * @param specs without origins: those are nobody's business outside
 * @param forwardTimeouts of sessions that have no service
 */
public record Services(
        long revision,
        List<ServiceSpec> specs,
        Map<String, ServiceConfig> byName,
        RelayTimeouts forwardTimeouts) {

    /**
     * @throws OperatorException with a sentence for the operator, if they are too many for one
     *     message
     */
    public static Services of(AgentConfig config) {
        return of(config, 1);
    }

    /** The services of a new configuration; same exceptions as {@link #of}. */
    public Services replacedBy(AgentConfig config) {
        Services next = of(config, revision + 1);
        return next.specs.equals(specs)
                ? new Services(revision, specs, next.byName, next.forwardTimeouts)
                : next;
    }

    public Publish publication() {
        return new Publish(revision, specs);
    }

    private static Services of(AgentConfig config, long revision) {
        var specs =
                config.services().stream()
                        .map(service -> spec(service, config.encryption()))
                        .toList();
        var services =
                new Services(
                        revision,
                        specs,
                        config.services().stream()
                                .collect(
                                        Collectors.toUnmodifiableMap(
                                                ServiceConfig::name, Function.identity())),
                        new RelayTimeouts(
                                config.forward().idleTimeout(),
                                config.forward().halfCloseTimeout()));
        services.checkSize();
        return services;
    }

    private static ServiceSpec spec(ServiceConfig service, Encryption encryption) {
        boolean plain = encryption == Encryption.AUTO && service.encrypted();
        return new ServiceSpec(
                service.name(),
                plain ? ChannelKind.PLAIN : ChannelKind.ENCRYPTED,
                service.listen(),
                service.allow(),
                service.deny(),
                service.acceptProxyProtocol(),
                service.maxSessions(),
                service.idleTimeout(),
                service.halfCloseTimeout(),
                dataPorts(service.ftp()));
    }

    private static @Nullable DataPorts dataPorts(@Nullable FtpConfig ftp) {
        if (ftp == null) {
            return null;
        }
        Ports ports = ftp.passive().ports();
        return new DataPorts(
                ftp.tls() instanceof PartnerTls.PassThrough, ports.first(), ports.last());
    }

    // Refused before anything is applied: gateways would refuse it after.
    private void checkSize() {
        ByteBuf bytes = Unpooled.buffer();
        try {
            ControlCodec.encode(publication(), bytes);
        } catch (IllegalArgumentException unfit) {
            throw new OperatorException(
                    "services: they can't be published: " + unfit.getMessage(), unfit);
        } finally {
            bytes.release();
        }
    }
}
