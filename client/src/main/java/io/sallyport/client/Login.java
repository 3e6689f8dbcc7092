package io.sallyport.client;

import java.nio.charset.StandardCharsets;

/** User and password for the agent's entry (RFC 1929). */
record Login(String user, String password) {
    private static final int BYTES_MAX = 255;

    Login {
        if (bytes(user).length == 0
                || bytes(user).length > BYTES_MAX
                || bytes(password).length == 0
                || bytes(password).length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a user and a password have 1 to " + BYTES_MAX + " bytes each");
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Login[" + user + ", password not shown]";
    }
}
