package io.sallyport.gateway.data;

import io.sallyport.process.Seldom;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.ServiceSpec;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of those who came to a data port that is not for them, now and then. */
final class Strangers {
    private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

    private final Seldom seldom = new Seldom(Duration.ofSeconds(1));

    void refused(ServiceSpec service, Endpoint stranger, Endpoint reached) {
        if (seldom.maySpeak()) {
            LOG.atWarn()
                    .addKeyValue("service", service.name())
                    .addKeyValue("partner", stranger)
                    .addKeyValue("reached", reached)
                    .addKeyValue("unsaid", seldom.unsaid())
                    .log("data connection of a stranger refused");
        }
    }
}
