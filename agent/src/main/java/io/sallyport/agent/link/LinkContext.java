package io.sallyport.agent.link;

import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.dial.AgentTls;
import io.sallyport.agent.service.Services;
import io.sallyport.agent.session.Sessions;
import io.sallyport.relay.Loops;
import io.sallyport.relay.dial.Names;

/** What links have in common. Used on the core loop only; a reload changes what it gives. */
public interface LinkContext {
    Loops loops();

    Names names();

    Sessions sessions();

    AgentConfig config();

    AgentTls tls();

    Services services();

    /** Tells this process from another one that uses the same certificate. */
    long instance();
}
