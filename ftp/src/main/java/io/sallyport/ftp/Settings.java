package io.sallyport.ftp;

import java.net.InetAddress;
import java.util.Set;

/**
 * What a conversation has to know beforehand.
 *
 * @param partnerTls what is offered to the partner
 * @param originTls how TLS begins on the origin's side
 * @param partner the partner's own address
 * @param partnerOverIpv4 the family of the partner's control connection
 * @param originOverIpv4 the family of the control connection to the origin
 * @param foreignAddresses whether PORT and EPRT may name other addresses and low ports
 */
public record Settings(
        PartnerTls partnerTls,
        OriginTls originTls,
        InetAddress partner,
        boolean partnerOverIpv4,
        boolean originOverIpv4,
        boolean foreignAddresses) {

    /** TLS towards the partner (RFC 4217). */
    public enum PartnerTls {
        NONE,
        /** AUTH TLS may come. */
        OFFERED,
        /** AUTH TLS must come before anything that matters. */
        REQUIRED,
        /** It is there from the first byte. */
        IMPLICIT;

        boolean isPossible() {
            return this != NONE;
        }
    }

    /** TLS towards the origin. */
    public enum OriginTls {
        NONE,
        /** The conversation asks for it with AUTH TLS. */
        EXPLICIT,
        /** It is there from the first byte. */
        IMPLICIT
    }

    /** What a partner may say before TLS where that is required. */
    static final Set<String> ALLOWED_BEFORE_TLS =
            Set.of("AUTH", "FEAT", "HELP", "NOOP", "SYST", "QUIT", "OPTS", "HOST", "CLNT");
}
