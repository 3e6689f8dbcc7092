package io.sallyport.acceptance.ftp;

/** What is done in every cell of the matrix; {@link FtpWorkspace} says with which files. */
public enum FtpOperation {
    LIST,
    MLSD,
    /** 32 MiB go up. */
    STOR,
    /** 32 MiB come down. */
    RETR,
    /** A download goes on where it had ended. */
    REST,
    /** An upload goes on where it had ended. */
    APPE,
    /** A download is aborted, and the session goes on. */
    ABOR,
    /** They go up one after the other in one session. */
    HUNDRED_FILES,
    /** One uploads while the other downloads. */
    TWO_SESSIONS;

    /** As the head of a narrow column. */
    String shortName() {
        return switch (this) {
            case HUNDRED_FILES -> "100";
            case TWO_SESSIONS -> "TWO";
            case LIST, MLSD, STOR, RETR, REST, APPE, ABOR -> name();
        };
    }
}
