package io.sallyport.acceptance.ftp;

/** Whether TLS is spoken, and from when on. */
public enum FtpTls {
    NONE,
    /** After AUTH TLS; a server that speaks it also takes those who do without. */
    EXPLICIT,
    /** From the first byte on. */
    IMPLICIT
}
