package io.sallyport.acceptance.ftp;

import io.sallyport.acceptance.peer.Programs;
import io.sallyport.acceptance.product.Commands;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The cells that can't exist, each with the reason in one sentence. */
final class FtpImpossible {
    private static final Pattern CURL_WITHOUT_TLS_IN_ACTIVE_MODE =
            Pattern.compile("^curl 7\\.8[78]\\.");

    /** Why a cell can't exist; empty if it can. */
    static Optional<String> reason(FtpRow row, FtpOperation operation) {
        return reason(row).or(() -> ofOperation(row, operation));
    }

    /** Why none of a row's cells can exist; empty if any can. */
    static Optional<String> reason(FtpRow row) {
        if (row.family() == Family.IPV6 && row.data().isForIpv4Only()) {
            return Optional.of("PASV and PORT have no room for an IPv6 address");
        }
        if (row.mode().isPassThrough() && !row.data().isPassive()) {
            return Optional.of(
                    "the address in an encrypted PORT or EPRT can't be rewritten, so the origin"
                            + " would dial out by itself");
        }
        if (!row.origin().hasImplicitTls() && needsImplicitTlsAtOrigin(row.mode())) {
            return Optional.of(row.origin() + " has no implicit TLS");
        }
        return ofClient(row);
    }

    private static Optional<String> ofClient(FtpRow row) {
        return switch (row.client()) {
            case LFTP -> ofLftp(row);
            case CURL ->
                    !row.data().isPassive()
                                    && row.mode().clientTls() != FtpTls.NONE
                                    && curlHangsInActiveModeWithTls()
                            ? Optional.of(
                                    "curl 7.87 and 7.88 begin no TLS on data connections in active"
                                            + " mode (curl's issue 10666)")
                            : Optional.empty();
            case FTPLIB, COMMONS_NET -> Optional.empty();
        };
    }

    private static Optional<String> ofLftp(FtpRow row) {
        if (row.data() == DataMode.EPRT) {
            return Optional.of(
                    "lftp sends EPRT only over IPv6, and on the loopback interface with the address"
                            + " ::");
        }
        boolean tlsIsTheOrigins = !row.mode().isEnded() && row.mode().clientTls() != FtpTls.NONE;
        if (row.family() == Family.IPV6
                && tlsIsTheOrigins
                && row.origin() == FtpServerKind.BUILT_IN) {
            return Optional.of(
                    "lftp asks TLS for a server named ::1, which no name of a host is (RFC 6066),"
                            + " and the built-in server refuses");
        }
        return Optional.empty();
    }

    private static Optional<String> ofOperation(FtpRow row, FtpOperation operation) {
        if (operation == FtpOperation.MLSD && row.origin() == FtpServerKind.VSFTPD) {
            return Optional.of("vsftpd has no MLSD");
        }
        if (operation == FtpOperation.ABOR && row.client() == FtpClientKind.CURL) {
            return Optional.of("curl never sends ABOR");
        }
        if (operation == FtpOperation.ABOR
                && row.client() == FtpClientKind.COMMONS_NET
                && row.origin() == FtpServerKind.PROFTPD
                && row.mode() != FtpMode.PLAIN
                && row.mode() != FtpMode.DIRECT_PLAIN) {
            return Optional.of(
                    "proftpd at times ends a session whose data connection with TLS is reset, as"
                            + " Commons Net does before ABOR");
        }
        if (operation == FtpOperation.ABOR
                && row.client() == FtpClientKind.FTPLIB
                && row.origin() == FtpServerKind.PROFTPD
                && row.mode() == FtpMode.DIRECT_PLAIN) {
            return Optional.of(
                    "proftpd does not answer an ABOR that is urgent without Telnet's IP and DM, as"
                            + " ftplib's is");
        }
        return Optional.empty();
    }

    private static boolean needsImplicitTlsAtOrigin(FtpMode mode) {
        return mode == FtpMode.DIRECT_IMPLICIT || mode == FtpMode.PASS_THROUGH_IMPLICIT;
    }

    private static boolean curlHangsInActiveModeWithTls() {
        String version =
                Commands.run(Path.of("/"), List.of(Programs.path("curl"), "--version")).out();
        return CURL_WITHOUT_TLS_IN_ACTIVE_MODE.matcher(version).find();
    }

    private FtpImpossible() {}
}
