package io.sallyport.acceptance.ftp;

import java.util.Locale;

/** Where TLS is spoken, and where it ends, on the way from the client to the server. */
public enum FtpMode {
    DIRECT_PLAIN(FtpTls.NONE),
    DIRECT_EXPLICIT(FtpTls.EXPLICIT),
    DIRECT_IMPLICIT(FtpTls.IMPLICIT),
    PLAIN(FtpTls.NONE),
    PASS_THROUGH_EXPLICIT(FtpTls.EXPLICIT),
    PASS_THROUGH_IMPLICIT(FtpTls.IMPLICIT),
    ENDED_EXPLICIT(FtpTls.EXPLICIT),
    ENDED_IMPLICIT(FtpTls.IMPLICIT);

    private final FtpTls clientTls;

    FtpMode(FtpTls clientTls) {
        this.clientTls = clientTls;
    }

    /** What the client speaks. */
    public FtpTls clientTls() {
        return clientTls;
    }

    /** Whether there is no product between client and server. */
    public boolean isDirect() {
        return this == DIRECT_PLAIN || this == DIRECT_EXPLICIT || this == DIRECT_IMPLICIT;
    }

    /** Whether the product can't read the conversation. */
    public boolean isPassThrough() {
        return this == PASS_THROUGH_EXPLICIT || this == PASS_THROUGH_IMPLICIT;
    }

    /** Whether the product has the certificate that clients see. */
    public boolean isEnded() {
        return this == ENDED_EXPLICIT || this == ENDED_IMPLICIT;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
