package io.sallyport.copy.remote;

import io.sallyport.client.ForwardException;
import io.sallyport.copy.remote.CopyException.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells from an exception of any library what kind of failure it is, and says it in a sentence. */
public final class Faults {
    private static final Pattern TUNNEL = Pattern.compile("Tunnel failed, got: (\\d+)");

    private Faults() {}

    /** A failure to connect to {@code server}: unreachable unless the cause says otherwise. */
    public static CopyException connecting(String server, Throwable failure) {
        return find(server, failure, Kind.UNREACHABLE, "cannot connect to " + server);
    }

    /** A failure of something that was done with {@code server}. */
    public static CopyException during(String what, Throwable failure) {
        return find(what, failure, Kind.FAILED, what);
    }

    private static CopyException find(
            String subject, Throwable failure, Kind otherwise, String prefix) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof CopyException told) {
                return told;
            }
            @Nullable Kind kind = kindOf(one);
            if (kind != null) {
                return new CopyException(kind, subject + ": " + sentence(one), failure);
            }
        }
        return new CopyException(otherwise, prefix + ": " + sentence(innermost(failure)), failure);
    }

    private static @Nullable Kind kindOf(Throwable one) {
        return switch (one) {
            case ForwardException refused ->
                    refused.reason() == ForwardException.Reason.REFUSED_BY_POLICY
                            ? Kind.REFUSED_BY_POLICY
                            : Kind.UNREACHABLE;
            case ConnectException _,
                    UnknownHostException _,
                    NoRouteToHostException _,
                    HttpConnectTimeoutException _,
                    UnresolvedAddressException _ ->
                    Kind.UNREACHABLE;
            case IOException tunnel when tunnelStatus(tunnel) != 0 ->
                    switch (tunnelStatus(tunnel)) {
                        case 403 -> Kind.REFUSED_BY_POLICY;
                        case 407 -> Kind.LOGIN_REFUSED;
                        default -> Kind.UNREACHABLE;
                    };
            default -> null;
        };
    }

    /** What an HTTP proxy answered in place of a tunnel; 0 if this is something else. */
    private static int tunnelStatus(IOException failure) {
        var status = TUNNEL.matcher(String.valueOf(failure.getMessage()));
        return status.find() ? Integer.parseInt(status.group(1)) : 0;
    }

    private static String sentence(Throwable one) {
        return switch (one) {
            case UnknownHostException unknown ->
                    "the name " + unknown.getMessage() + " is not known";
            case UnresolvedAddressException _ -> "the name is not known";
            case SocketTimeoutException _ -> "there was no answer in time";
            case CertificateException untrusted ->
                    untrusted.getMessage() + " (--ca names a file of trusted certificates)";
            case NoSuchFileException missing -> missing.getFile() + " does not exist";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            default ->
                    one.getMessage() == null
                            ? one.getClass().getSimpleName()
                            : one.getMessage().strip();
        };
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : innermost(cause);
    }
}
