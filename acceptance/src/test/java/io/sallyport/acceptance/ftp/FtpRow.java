package io.sallyport.acceptance.ftp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** One row of the matrix: everything but the operation. */
public record FtpRow(
        FtpMode mode, FtpServerKind origin, FtpClientKind client, DataMode data, Family family) {

    private static final Pattern WANTED = Pattern.compile(System.getProperty("ftp.rows", ""));

    /**
     * The rows of one mode; {@code -Dftp.rows=lftp.*IPv6} leaves out those whose name does not have
     * a part like that.
     */
    public static List<FtpRow> of(FtpMode mode) {
        List<FtpRow> rows = new ArrayList<>();
        for (FtpServerKind origin : FtpServerKind.values()) {
            for (FtpClientKind client : FtpClientKind.values()) {
                for (Family family : Family.values()) {
                    for (DataMode data : DataMode.values()) {
                        rows.add(new FtpRow(mode, origin, client, data, family));
                    }
                }
            }
        }
        return rows.stream().filter(row -> WANTED.matcher(row.name()).find()).toList();
    }

    /** One of the rows for each server and client: the ways that can exist take their turns. */
    public static List<FtpRow> oneOfEachKind(FtpMode mode) {
        return oneOfEachKind(mode, List.of(FtpMode.values()).indexOf(mode));
    }

    /** The same; another first turn leads to other rows. */
    public static List<FtpRow> oneOfEachKind(FtpMode mode, int firstTurn) {
        List<FtpRow> chosen = new ArrayList<>();
        int first = firstTurn;
        for (FtpServerKind origin : FtpServerKind.values()) {
            int turn = first;
            for (FtpClientKind client : FtpClientKind.values()) {
                oneOf(mode, origin, client, turn).ifPresent(chosen::add);
                turn++;
            }
            first++;
        }
        return chosen;
    }

    private static Optional<FtpRow> oneOf(
            FtpMode mode, FtpServerKind origin, FtpClientKind client, int turn) {
        List<FtpRow> rows =
                of(mode).stream()
                        .filter(row -> row.origin() == origin && row.client() == client)
                        .toList();
        List<FtpRow> possible =
                rows.stream().filter(row -> FtpImpossible.reason(row).isEmpty()).toList();
        return possible.isEmpty()
                ? rows.stream().findFirst()
                : Optional.of(possible.get(turn % possible.size()));
    }

    /**
     * What the client may speak. With TLS 1.3, curl 7.88 loses tickets from one data connection to
     * the next, and uploads with them: with vsftpd itself every second one of a hundred.
     */
    public FtpTarget.TlsVersion newestTls() {
        return client == FtpClientKind.CURL
                ? FtpTarget.TlsVersion.TLS_1_2
                : FtpTarget.TlsVersion.TLS_1_3;
    }

    /** A name that is good for a folder. */
    String name() {
        return "%s-%s-%s-%s-%s".formatted(mode, origin, client, data, family);
    }
}
