package io.sallyport.gateway.session;

import io.sallyport.process.Seldom;
import io.sallyport.protocol.EndReason;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ServiceSpec;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log tells of sessions: one line at the end of each, and refusals now and then. */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Seldom refusals = new Seldom(Duration.ofSeconds(1));

    void refused(ServiceSpec service, Endpoint partner, String why) {
        if (refusals.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("service", service.name())
                    .addKeyValue("partner", partner)
                    .addKeyValue("why", why)
                    .addKeyValue("unsaid", refusals.unsaid())
                    .log("partner refused");
        }
    }

    void ended(Session session, EndReason reason, String why) {
        var line =
                (reason == EndReason.COMPLETED || reason == EndReason.PARTNER_RESET
                                ? LOG.atInfo()
                                : LOG.atWarn())
                        .addKeyValue("session", session.id)
                        .addKeyValue("service", session.service.name())
                        .addKeyValue("agent", session.agent.name())
                        .addKeyValue("partner", session.partner)
                        .addKeyValue("reached", session.reached);
        if (session.data != null) {
            if (session.data.forward() != null) {
                line = line.addKeyValue("destination", session.data.forward());
            } else if (session.data.asked() != null) {
                line = line.addKeyValue("beside", session.data.asked().beside());
            }
        }
        line =
                line.addKeyValue("from-partner", session.bytesFromPartner())
                        .addKeyValue("from-origin", session.bytesFromOrigin())
                        .addKeyValue("seconds", session.age().toMillis() / 1000.0)
                        .addKeyValue("reason", reason)
                        .addKeyValue("ended-by", reason.endedBy());
        if (!why.isEmpty()) {
            line = line.addKeyValue("why", why);
        }
        line.log("session ended");
    }
}
