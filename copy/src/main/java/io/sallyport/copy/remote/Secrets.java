package io.sallyport.copy.remote;

import java.util.Optional;

/** Where passwords come from: the environment or a prompt, never the command line. */
public interface Secrets {

    /** The password for a user at a server; empty if there is none and nobody to ask. */
    Optional<String> password(String userAndServer);

    /** The passphrase of a private key file. */
    Optional<String> passphrase(String file);
}
