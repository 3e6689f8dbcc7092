package io.sallyport.agent.dial;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence what is wrong between two TLS peers. */
final class TlsFaults {
    /** How BoringSSL and the JDK say that the peer sent an alert. */
    private static final Pattern ALERT =
            Pattern.compile(
                    "_ALERT_([A-Z_0-9]+)|received fatal alert: ([a-z_]+)",
                    Pattern.CASE_INSENSITIVE);

    private TlsFaults() {}

    static boolean isOfTls(Throwable failure) {
        return find(failure, SSLException.class) != null;
    }

    static DialFault explain(Throwable failure, Target target) {
        if (find(failure, SslHandshakeTimeoutException.class) != null) {
            return new DialFault(
                    true,
                    target + " accepted the connection, but did not finish the TLS handshake");
        }
        return new DialFault(false, sentence(failure, target));
    }

    static DialFault noGateway(Target target) {
        return new DialFault(
                false,
                "what answers at "
                        + target.hostPort()
                        + " speaks TLS, but is not a sallyport gateway");
    }

    private static String sentence(Throwable failure, Target target) {
        if (find(failure, CertificateExpiredException.class) != null) {
            return target + " shows a certificate that has expired: it needs a new one";
        }
        if (find(failure, CertificateNotYetValidException.class) != null) {
            return target
                    + " shows a certificate that is not valid yet: check the clocks of both hosts";
        }
        if (find(failure, CertPathBuilderException.class) != null
                || find(failure, CertPathValidatorException.class) != null) {
            return target
                    + " shows a certificate that agent.tls.trust does not vouch for: both sides"
                    + " need certificates of the same authority";
        }
        if (find(failure, CertificateException.class) != null) {
            return target
                    + " shows a certificate for other names: it must name "
                    + target.hostPort().host()
                    + " as a subject alternative name";
        }
        if (find(failure, NotSslRecordException.class) != null) {
            return "what answers at "
                    + target.hostPort()
                    + " does not speak TLS: it is not a sallyport gateway";
        }
        if (find(failure, ClosedChannelException.class) != null) {
            return target + " closed the connection during the TLS handshake";
        }
        String message = DialFault.rootMessage(failure);
        Matcher alert = ALERT.matcher(message);
        if (alert.find()) {
            String word = alert.group(1) == null ? alert.group(2) : alert.group(1);
            return refusal(word.toLowerCase(Locale.ROOT).replace('_', ' '), target);
        }
        return "TLS with " + target + " failed: " + message;
    }

    private static String refusal(String alert, Target target) {
        return switch (alert) {
            case "protocol version" -> target + " does not speak TLS 1.3";
            case "no application protocol" -> noGateway(target).why();
            case "handshake failure" -> target + " refuses the TLS handshake: " + alert;
            // How BoringSSL says that Java does not trust the chain.
            case "internal error" ->
                    target
                            + " ended the TLS handshake (internal error): most likely it does not"
                            + " trust the agent's certificate: check agent.tls.certificate and the"
                            + " trust of the gateway";
            default ->
                    target
                            + " refuses the agent's certificate ("
                            + alert
                            + "): check agent.tls.certificate and the trust of the gateway";
        };
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
