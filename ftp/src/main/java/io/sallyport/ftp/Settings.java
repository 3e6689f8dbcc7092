package io.sallyport.ftp;

import java.net.InetAddress;
import java.util.Set;

/**
 * What a conversation has to know beforehand.
 *
 * @param clientTls what is offered to the client
 * @param serverTls how TLS begins on the server's side
 * @param client the client's own address
 * @param clientOverIpv4 the family of the client's control connection
 * @param serverOverIpv4 the family of the control connection to the server
 * @param foreignAddresses whether PORT and EPRT may name other addresses and low ports
 */
public record Settings(
        ClientTls clientTls,
        ServerTls serverTls,
        InetAddress client,
        boolean clientOverIpv4,
        boolean serverOverIpv4,
        boolean foreignAddresses) {

    /** TLS towards the client (RFC 4217). */
    public enum ClientTls {
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

    /** TLS towards the server. */
    public enum ServerTls {
        NONE,
        /** The conversation asks for it with AUTH TLS. */
        EXPLICIT,
        /** It is there from the first byte. */
        IMPLICIT
    }

    /** What a client may say before TLS where that is required. */
    static final Set<String> ALLOWED_BEFORE_TLS =
            Set.of("AUTH", "FEAT", "HELP", "NOOP", "SYST", "QUIT", "OPTS", "HOST", "CLNT");
}
