package io.sallyport.agent.session;

import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.protocol.SessionOpening;

/** Chooses the course of each session of a service. Used on the core loop. */
@FunctionalInterface
public interface Courses {
    Course of(SessionOpening opening, ServiceConfig service, SessionChannel channel);
}
