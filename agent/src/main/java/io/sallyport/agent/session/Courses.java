package io.sallyport.agent.session;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.protocol.SessionOpening;
import org.jspecify.annotations.Nullable;

/** Chooses the course of each session of a service. */
public interface Courses {
    /**
     * The course of a session that needs nothing of what the core loop owns; null for others. May
     * be called on any thread.
     */
    @Nullable Course atOnce(SessionOpening opening, ServiceConfig service);

    /** The course of any session of a service. Called on the core loop. */
    Course of(SessionOpening opening, ServiceConfig service, SessionChannel channel);
}
