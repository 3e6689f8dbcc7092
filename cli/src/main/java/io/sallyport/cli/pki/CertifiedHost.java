package io.sallyport.cli.pki;

import java.util.Locale;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** A host name or an IP address that a gateway's certificate vouches for. */
public record CertifiedHost(String text) {
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    // A last label of digits only would be a mistyped IPv4 address, never a name (RFC 1123).
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)(" + LABEL + "\\.)*(?![0-9]+$)" + LABEL);

    /**
     * @throws IllegalArgumentException if {@code text} is neither a name nor an address; its
     *     message says so
     */
    public CertifiedHost {
        text = text.toLowerCase(Locale.ROOT);
        if (!IPAddress.isValid(text) && !NAME.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is neither a host name nor an IP address".formatted(text));
        }
    }

    GeneralName subjectAlternativeName() {
        return new GeneralName(isAddress() ? GeneralName.iPAddress : GeneralName.dNSName, text);
    }

    public boolean isAddress() {
        return IPAddress.isValid(text);
    }
}
