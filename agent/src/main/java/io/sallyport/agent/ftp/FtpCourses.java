package io.sallyport.agent.ftp;

import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.dial.Names;
import io.sallyport.agent.session.Course;
import io.sallyport.agent.session.Courses;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.ServiceCourse;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.process.Ports;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.RelayEngine;
import org.jspecify.annotations.Nullable;

/** Tells sessions that speak FTP from others, and data connections from sessions of their own. */
public final class FtpCourses implements Courses {
    private final DataRequests requests;
    private final Names names;
    private final RelayEngine engine;

    public FtpCourses(DataRequests requests, Names names, RelayEngine engine) {
        this.requests = requests;
        this.names = names;
        this.engine = engine;
    }

    @Override
    public @Nullable Course of(
            SessionOpening opening, ServiceConfig service, SessionChannel channel) {
        if (opening.data() != null) {
            return requests.came(opening.data());
        }
        FtpConfig ftp = service.ftp();
        if (ftp != null && ftp.tls() instanceof PartnerTls.PassThrough(var originPorts)) {
            Ports ports = ftp.passive().ports();
            int reached = opening.reached().port();
            if (ports.first() <= reached && reached <= ports.last()) {
                int port = originPorts.first() + reached - ports.first();
                return ServiceCourse.toDataPort(port, opening, service, names, engine);
            }
        }
        return ServiceCourse.of(opening, service, names, engine);
    }
}
