package io.sallyport.cli.copy;

import io.sallyport.copy.remote.Secrets;
import java.io.Console;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passwords from the environment, or else typed on the terminal; each is asked for once. */
final class Passwords implements Secrets {
    private final Map<String, String> environment;
    private final Map<String, String> typed = new HashMap<>();

    Passwords(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Optional<String> password(String userAndServer) {
        return find("SALLYPORT_PASSWORD", "Password of " + userAndServer);
    }

    @Override
    public Optional<String> passphrase(String file) {
        return find("SALLYPORT_PASSPHRASE", "Passphrase of " + file);
    }

    /** The password for the agent's own entry. */
    Optional<String> proxyPassword(String user) {
        return find("SALLYPORT_PROXY_PASSWORD", "Password of " + user + " at the agent");
    }

    private synchronized Optional<String> find(String variable, String question) {
        String set = environment.get(variable);
        if (set != null) {
            return Optional.of(set);
        }
        return Terminal.find()
                .map(console -> typed.computeIfAbsent(question, _ -> ask(console, question)));
    }

    private static @Nullable String ask(Console console, String question) {
        char[] answer = console.readPassword("%s: ", question);
        return answer == null ? null : new String(answer);
    }
}
