package io.sallyport.acceptance.ftp;

/** The command by which a client asks for data connections. */
public enum DataMode {
    PASV,
    EPSV,
    PORT,
    EPRT;

    public boolean isPassive() {
        return this == PASV || this == EPSV;
    }

    /** PASV and PORT have room for IPv4 addresses only. */
    public boolean isForIpv4Only() {
        return this == PASV || this == PORT;
    }
}
