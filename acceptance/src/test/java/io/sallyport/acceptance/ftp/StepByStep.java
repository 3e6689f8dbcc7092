package io.sallyport.acceptance.ftp;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** A client that does one operation at a time, each in a session of its own. */
abstract class StepByStep {
    /** Does the operations; returns what went wrong, for each that did not succeed. */
    final Map<FtpOperation, String> perform(Set<FtpOperation> operations) {
        Map<FtpOperation, String> failures = new EnumMap<>(FtpOperation.class);
        for (FtpOperation operation : operations) {
            try {
                perform(operation);
            } catch (IOException | AssertionError | RuntimeException failed) {
                failures.put(operation, String.valueOf(failed.getMessage()));
            }
        }
        return failures;
    }

    private void perform(FtpOperation operation) throws IOException {
        switch (operation) {
            case LIST -> list();
            case MLSD -> listForMachines();
            case STOR -> store();
            case RETR -> retrieve();
            case REST -> resumeDownload();
            case APPE -> append();
            case ABOR -> abort();
            case HUNDRED_FILES -> storeHundredFiles();
            case TWO_SESSIONS -> twoSessions();
        }
    }

    abstract void list() throws IOException;

    abstract void listForMachines() throws IOException;

    abstract void store() throws IOException;

    abstract void retrieve() throws IOException;

    abstract void resumeDownload() throws IOException;

    abstract void append() throws IOException;

    abstract void abort() throws IOException;

    abstract void storeHundredFiles() throws IOException;

    abstract void twoSessions() throws IOException;
}
