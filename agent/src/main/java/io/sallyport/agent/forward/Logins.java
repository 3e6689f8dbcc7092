package io.sallyport.agent.forward;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sallyport.process.password.PasswordHash;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks passwords away from the loops, a few at a time. One that was right is right again at once:
 * what is kept of it is a hash under a key that ends with the process.
 */
final class Logins {
    private static final int REMEMBERED_MAX = 1000;

    private final Semaphore processors =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    private final Set<String> remembered = ConcurrentHashMap.newKeySet();
    private final SecretKeySpec key;

    Logins() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, "HmacSHA256");
    }

    /** Whether the password is the user's; completes on any thread, and never fails. */
    CompletableFuture<Boolean> check(
            Map<String, PasswordHash> users, String user, String password) {
        PasswordHash hash = users.get(user);
        // An unknown user takes as long as a wrong password: nobody learns which names there are.
        PasswordHash judge = hash == null ? PasswordHash.NOBODY : hash;
        String seen = seen(user, judge, password);
        if (hash != null && remembered.contains(seen)) {
            return CompletableFuture.completedFuture(true);
        }
        var answer = new CompletableFuture<Boolean>();
        Thread.startVirtualThread(() -> {
            boolean known = matches(judge, password) && hash != null;
            if (known) {
                remember(seen);
            }
            answer.complete(known);
        });
        return answer;
    }

    private boolean matches(PasswordHash hash, String password) {
        processors.acquireUninterruptibly();
        try {
            return hash.matches(password.toCharArray());
        } finally {
            processors.release();
        }
    }

    private void remember(String seen) {
        if (remembered.size() >= REMEMBERED_MAX) {
            remembered.clear();
        }
        remembered.add(seen);
    }

    private String seen(String user, PasswordHash hash, String password) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((user + "\0" + hash + "\0").getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(password.getBytes(UTF_8)));
        } catch (GeneralSecurityException unavailable) {
            throw new IllegalStateException(unavailable);
        }
    }
}
