package io.sallyport.relay.tls;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** What both sides of FTPS have in common. */
final class FtpsContexts {
    /** TLS sessions that a context remembers beside those that are in tickets. */
    private static final int SESSIONS_REMEMBERED = 64;

    private FtpsContexts() {}

    /** Takes a fraction of a millisecond, as the keys are read and the trust is built already. */
    static SSLContext create(KeyManager[] keys, TrustManager[] trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            context.getServerSessionContext().setSessionCacheSize(SESSIONS_REMEMBERED);
            context.getClientSessionContext().setSessionCacheSize(SESSIONS_REMEMBERED);
            return context;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK has no TLS", impossible);
        }
    }
}
