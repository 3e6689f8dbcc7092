package io.sallyport.ftp;

import org.jspecify.annotations.Nullable;

/**
 * What a client has said already when the conversation with its server begins.
 *
 * @param user whom to log in, instead of showing the server's greeting; null: nobody
 * @param password to log in with, if it has come already
 */
public record Arrival(@Nullable String user, @Nullable String password) {
    /** It waits for the server's greeting. */
    public static final Arrival GREETED = new Arrival(null, null);

    static Arrival as(String user) {
        return new Arrival(user, null);
    }

    Arrival with(String password) {
        return new Arrival(user, password);
    }

    @Override
    public String toString() {
        return user == null ? "Arrival" : "Arrival of " + user;
    }
}
