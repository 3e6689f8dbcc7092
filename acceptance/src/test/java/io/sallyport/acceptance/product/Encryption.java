package io.sallyport.acceptance.product;

import java.util.Locale;

/**
 * Whether data channels have a layer of encryption of their own: agent.yaml's {@code encryption}.
 */
public enum Encryption {
    ALWAYS,
    AUTO;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
