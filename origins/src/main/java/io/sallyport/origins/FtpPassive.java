package io.sallyport.origins;

import java.net.InetAddress;
import org.apache.ftpserver.DataConnectionConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * How an FTP origin takes passive data connections.
 *
 * @param ports first and last port to listen on, as {@code 50000-50099}, or {@code 0} for any free
 *     one
 * @param advertised what the reply to PASV names; null for the address that the client reached
 */
public record FtpPassive(String ports, @Nullable InetAddress advertised) {

    /** Any free port, at the address that the client reached. */
    public static FtpPassive anyPort() {
        return new FtpPassive("0", null);
    }

    /** Ports from {@code first} to {@code last}, at the address that the client reached. */
    public static FtpPassive range(int first, int last) {
        if (first < 1 || last > 65_535 || first > last) {
            throw new IllegalArgumentException(
                    "passive ports go from 1 to 65535, but were %d-%d".formatted(first, last));
        }
        return new FtpPassive(first + "-" + last, null);
    }

    /**
     * The same ports, with another address in the reply to PASV: that of a gateway, for instance.
     */
    public FtpPassive advertising(InetAddress address) {
        return new FtpPassive(ports, address);
    }

    /** The same for FtpServer. */
    DataConnectionConfiguration applyTo(DataConnectionConfiguration anyAddress) {
        String[] range = ports.split("-", 2);
        return range.length == 1
                ? anyAddress
                : new PortsOfARange(
                        anyAddress, Integer.parseInt(range[0]), Integer.parseInt(range[1]));
    }
}
