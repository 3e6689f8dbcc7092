package io.sallyport.process.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;

/** Whether a private key is that of a public one. */
public final class KeyPairs {
    private static final byte[] PROBE =
            "does this key belong to this certificate?".getBytes(StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /** Believes what an elliptic curve's key says of itself; computes it of all others. */
    static boolean belongTogether(PrivateKey key, PublicKey certified) {
        return (certified instanceof ECPublicKey point
                        && key.getAlgorithm().equals(certified.getAlgorithm())
                        && endsWithPoint(key, point))
                || signsFor(key, certified);
    }

    /**
     * Computes whether what the private key signs is the public one's. Only EC, RSA and EdDSA keys
     * are known.
     */
    public static boolean signsFor(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> "EdDSA";
                };
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(PROBE);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certified);
            verifier.update(PROBE);
            return verifier.verify(signature);
        } catch (GeneralSecurityException unfit) {
            return false;
        }
    }

    /**
     * Whether the private key says that the public one is its own, as most do (RFC 5915, section
     * 3). In a start, to compute it takes a tenth of all time.
     */
    private static boolean endsWithPoint(PrivateKey key, ECPublicKey certified) {
        int coordinate = (certified.getParams().getCurve().getField().getFieldSize() + 7) / 8;
        int point = 1 + 2 * coordinate;
        byte[] secret = key.getEncoded();
        byte[] shown = certified.getEncoded();
        return secret.length > point
                && Arrays.equals(
                        secret,
                        secret.length - point,
                        secret.length,
                        shown,
                        shown.length - point,
                        shown.length);
    }
}
