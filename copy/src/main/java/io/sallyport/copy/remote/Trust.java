package io.sallyport.copy.remote;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whom the user trusts, and by what the user is known.
 *
 * @param identity a private key for SSH; null for none
 * @param knownHosts the file of host keys
 * @param acceptNewHostKeys whether a host that is not in it is added to it
 * @param authorities PEM certificates trusted in TLS; null for those of the JDK
 */
public record Trust(
        @Nullable Path identity,
        Path knownHosts,
        boolean acceptNewHostKeys,
        @Nullable Path authorities) {}
