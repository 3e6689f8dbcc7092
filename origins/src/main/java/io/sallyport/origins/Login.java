package io.sallyport.origins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/** The one user that an origin lets in by password. */
public record Login(String user, String password) {

    /** Takes equally long wherever the first difference is. */
    boolean matches(String givenUser, String givenPassword) {
        boolean sameUser = MessageDigest.isEqual(user.getBytes(UTF_8), givenUser.getBytes(UTF_8));
        boolean samePassword =
                MessageDigest.isEqual(password.getBytes(UTF_8), givenPassword.getBytes(UTF_8));
        return sameUser && samePassword;
    }

    @Override
    public String toString() {
        return "Login[" + user + ", password not shown]";
    }
}
