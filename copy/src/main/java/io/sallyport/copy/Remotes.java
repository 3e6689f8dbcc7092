package io.sallyport.copy;

import io.sallyport.copy.ftp.FtpRemote;
import io.sallyport.copy.http.HttpRemote;
import io.sallyport.copy.remote.Address;
import io.sallyport.copy.remote.Remote;
import io.sallyport.copy.remote.Settings;
import io.sallyport.copy.ssh.ScpRemote;
import io.sallyport.copy.ssh.SftpRemote;
import java.io.IOException;

/** Chooses by the URL how a server is spoken to. */
final class Remotes {
    private Remotes() {}

    /** Connects and logs in. */
    static Remote open(Address address, Settings settings) throws IOException {
        return switch (address.scheme()) {
            case SFTP -> SftpRemote.open(address, settings);
            case SCP -> ScpRemote.open(address, settings);
            case FTP, FTPS, FTPS_IMPLICIT -> FtpRemote.open(address, settings);
            case HTTP, HTTPS -> HttpRemote.open(address, settings);
        };
    }
}
