package io.sallyport.agent.config;

import io.sallyport.process.Ports;
import io.sallyport.protocol.Network;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service that speaks FTP does about data connections and TLS.
 *
 * @param originTls how the agent speaks TLS to the origin; null if it does not
 */
public record FtpConfig(Passive passive, PartnerTls tls, @Nullable OriginTls originTls) {
    /**
     * Data connections.
     *
     * @param ports the gateway's, for passive mode
     * @param address what partners are told to connect to; null is the address that they reached
     * @param foreignAddresses whether active mode may lead elsewhere than to the partner's own
     *     address
     */
    public record Passive(
            Ports ports,
            @Nullable Inet4Address address,
            @Nullable Inside inside,
            boolean foreignAddresses) {

        /** What a partner is told to connect to; null is the address that it reached. */
        public @Nullable Inet4Address announcedTo(InetAddress partner) {
            return inside != null && Network.anyContains(inside.networks, partner)
                    ? inside.address
                    : address;
        }
    }

    /** Networks whose partners are told another address. */
    public record Inside(List<Network> networks, Inet4Address address) {
        public Inside {
            networks = List.copyOf(networks);
        }
    }

    /** What happens with the partner's TLS. */
    public sealed interface PartnerTls {
        /** There is none. */
        record None() implements PartnerTls {}

        /**
         * It goes on to the origin, and nobody on the way reads it.
         *
         * @param originPorts the origin's own passive ports, as many as the gateway's
         */
        record PassThrough(Ports originPorts) implements PartnerTls {}

        /**
         * It ends at the agent.
         *
         * @param certificate what partners are shown, PEM, followed by intermediate ones if there
         *     are any
         * @param key its private key, PKCS #8 PEM
         * @param clientAuthority whose certificates partners must show; null if they need none
         * @param requireResumption whether a data connection must resume the TLS session of its
         *     control connection
         */
        record Ended(
                Start start,
                Path certificate,
                Path key,
                @Nullable Path clientAuthority,
                boolean requireResumption)
                implements PartnerTls {
            /** When it begins. */
            public enum Start {
                /** With AUTH TLS, if the partner likes. */
                OFFERED,
                /** With AUTH TLS, before the partner says who it is. */
                REQUIRED,
                /** With the first byte. */
                IMPLICIT
            }
        }
    }

    /**
     * TLS from the agent to the origin.
     *
     * @param authority whose certificate the origin must show
     * @param name what the origin's certificate must be issued to: a host name or an IP address
     */
    public record OriginTls(Mode mode, Path authority, String name) {
        /** When it begins. */
        public enum Mode {
            /** With AUTH TLS. */
            EXPLICIT,
            /** With the first byte. */
            IMPLICIT
        }
    }
}
