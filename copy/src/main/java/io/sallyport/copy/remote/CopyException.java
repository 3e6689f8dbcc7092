package io.sallyport.copy.remote;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a copy failed, in a sentence for its user and as an exit code for scripts. */
public final class CopyException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Kinds of failure; a script tells them apart by the exit code. */
    public enum Kind {
        FAILED(1),
        USAGE(2),
        REFUSED_BY_POLICY(3),
        LOGIN_REFUSED(4),
        UNREACHABLE(5);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }

        /** Whether the next file would fail in the same way. */
        public boolean concernsTheServer() {
            return this != FAILED;
        }
    }

    private final Kind kind;

    public CopyException(Kind kind, String sentence) {
        this(kind, sentence, null);
    }

    public CopyException(Kind kind, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.kind = kind;
    }

    public static CopyException failed(String sentence) {
        return new CopyException(Kind.FAILED, sentence);
    }

    public static CopyException usage(String sentence) {
        return new CopyException(Kind.USAGE, sentence);
    }

    /** The sentence. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    public Kind kind() {
        return kind;
    }
}
