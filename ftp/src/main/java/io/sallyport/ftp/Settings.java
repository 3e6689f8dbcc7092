package io.sallyport.ftp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Set;

/**
 * What a conversation has to know beforehand.
 *
 * @param clientTls what is offered to the client
 * @param serverTls how TLS begins on the server's side
 * @param client the client's own address
 * @param clientOverIpv4 the family of the client's control connection
 * @param server the server's address, as the control connection has it
 * @param serverMode who connects to whom on the server's side
 * @param foreignAddresses whether PORT and EPRT may name other addresses and low ports
 * @param arrival what the client has said before
 */
public record Settings(
        ClientTls clientTls,
        ServerTls serverTls,
        InetAddress client,
        boolean clientOverIpv4,
        InetAddress server,
        ServerMode serverMode,
        boolean foreignAddresses,
        Arrival arrival) {

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

    /** How data connections come about on the server's side. */
    public enum ServerMode {
        /** As the client wants it on its own side. */
        AS_CLIENT,
        PASSIVE,
        ACTIVE;

        boolean isPassive(DataWish wish) {
            return switch (this) {
                case AS_CLIENT -> wish instanceof DataWish.Passive;
                case PASSIVE -> true;
                case ACTIVE -> false;
            };
        }
    }

    boolean serverOverIpv4() {
        return server instanceof Inet4Address;
    }

    /** What a client may say before TLS where that is required. */
    static final Set<String> ALLOWED_BEFORE_TLS =
            Set.of("AUTH", "FEAT", "HELP", "NOOP", "SYST", "QUIT", "OPTS", "HOST", "CLNT");
}
