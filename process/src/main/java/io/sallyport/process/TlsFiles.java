package io.sallyport.process;

import java.nio.file.Path;

/**
 * One identity and whom it trusts, as PEM files.
 *
 * @param certificate the certificate, followed by intermediate ones if there are any
 * @param key its private key, PKCS #8
 * @param trust certificates of the authorities that peers are checked against
 */
public record TlsFiles(Path certificate, Path key, Path trust) {}
