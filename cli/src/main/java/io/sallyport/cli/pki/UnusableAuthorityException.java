package io.sallyport.cli.pki;

/** The files of an authority are there but cannot sign; the message is a sentence for the user. */
public final class UnusableAuthorityException extends java.io.IOException {
    UnusableAuthorityException(String sentence) {
        super(sentence);
    }
}
