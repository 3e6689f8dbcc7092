package io.sallyport.relay.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong between two TLS peers; the peer's name goes before it. */
final class TlsSentence {
    private static final String ALERT = "Received fatal alert: ";

    private TlsSentence() {}

    static String of(SSLException failure) {
        String certificate = ofCertificate(failure);
        if (!certificate.isEmpty()) {
            return certificate;
        }
        String message = rootMessage(failure);
        int alert = message.indexOf(ALERT);
        if (alert >= 0) {
            return ofAlert(message.substring(alert + ALERT.length()));
        }
        if (message.contains("Unrecognized SSL message")
                || message.contains("unrecognized SSL message")) {
            return "does not speak TLS: one side is set to plain FTP, or to the other of explicit"
                    + " and implicit TLS";
        }
        if (message.contains("not accepted by server preferences")
                || message.contains("is not enabled or supported in server context")) {
            return "does not know TLS 1.2 or newer: its software is too old";
        }
        if (message.contains("Empty client certificate chain")) {
            return "shows no certificate, but client-ca asks for one";
        }
        return "broke off TLS: " + message;
    }

    private static String ofCertificate(Throwable failure) {
        if (find(failure, CertificateExpiredException.class) != null) {
            return "shows a certificate that has expired: it needs a new one";
        }
        if (find(failure, CertPathBuilderException.class) != null
                || find(failure, CertPathValidatorException.class) != null) {
            return "shows a certificate that the configured authority does not vouch for";
        }
        var otherName = find(failure, CertificateException.class);
        return otherName == null
                ? ""
                : "shows a certificate for other names: " + otherName.getMessage();
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static String ofAlert(String alert) {
        return switch (alert) {
            case "protocol_version" -> "knows no version of TLS that is allowed: 1.2 and 1.3 are";
            case "bad_certificate",
                    "unsupported_certificate",
                    "certificate_revoked",
                    "certificate_expired",
                    "certificate_unknown",
                    "unknown_ca" ->
                    "does not trust our certificate ("
                            + alert
                            + "): its authority has to be known there, and its names have to match";
            default -> "refuses TLS: " + alert;
        };
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
