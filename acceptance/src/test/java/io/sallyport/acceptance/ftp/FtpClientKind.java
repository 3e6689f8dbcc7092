package io.sallyport.acceptance.ftp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The clients that partners come with. */
public enum FtpClientKind {
    FTPLIB,
    CURL,
    LFTP,
    COMMONS_NET;

    /**
     * Does the operations one after the other.
     *
     * @return what went wrong, for each operation that did not succeed
     */
    public Map<FtpOperation, String> perform(
            Set<FtpOperation> operations, FtpTarget target, DataMode mode, FtpWorkspace workspace) {
        return switch (this) {
            case FTPLIB -> PythonFtplib.perform(operations, target, mode, workspace);
            case CURL -> new CurlFtp(target, mode, workspace).perform(operations);
            case LFTP -> new Lftp(target, mode, workspace).perform(operations);
            case COMMONS_NET -> new CommonsNetFtp(target, mode, workspace).perform(operations);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
