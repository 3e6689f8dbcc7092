package io.sallyport.acceptance.ftp;

import java.util.Locale;

/** The servers that stand behind the agent. */
public enum FtpServerKind {
    VSFTPD,
    PROFTPD,
    PURE_FTPD,
    BUILT_IN;

    /** Starts one; where its program is not here, the test that asks is skipped and says so. */
    public FtpServer start(FtpServerSettings settings) {
        return switch (this) {
            case VSFTPD -> Vsftpd.start(settings);
            case PROFTPD -> Proftpd.start(settings);
            case PURE_FTPD -> PureFtpd.start(settings);
            case BUILT_IN -> BuiltInFtpServer.start(settings);
        };
    }

    public boolean hasImplicitTls() {
        return this != PURE_FTPD;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
