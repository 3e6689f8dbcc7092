package io.sallyport.agent.session;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.protocol.SessionOpening;
import org.jspecify.annotations.Nullable;

/** Chooses the course of each session. Used on the core loop. */
@FunctionalInterface
public interface Courses {
    /** Null for a data connection that nobody waits for, or not any more. */
    @Nullable Course of(SessionOpening opening, ServiceConfig service, SessionChannel channel);
}
