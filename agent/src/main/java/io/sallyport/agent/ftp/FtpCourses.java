package io.sallyport.agent.ftp;

import io.netty.channel.EventLoop;
import io.sallyport.agent.config.AgentConfig;
import io.sallyport.agent.config.FtpConfig;
import io.sallyport.agent.config.FtpConfig.PartnerTls;
import io.sallyport.agent.config.ServiceConfig;
import io.sallyport.agent.session.Course;
import io.sallyport.agent.session.Courses;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.ServiceCourse;
import io.sallyport.agent.session.SessionChannel;
import io.sallyport.process.OperatorException;
import io.sallyport.process.Ports;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.dial.Names;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells sessions that speak FTP from others, and data connections from sessions of their own. */
public final class FtpCourses implements Courses {
    private FtpCourse.Surroundings surroundings;
    private Map<String, FtpTls> tls;

    /**
     * @throws OperatorException if a certificate of a service can't be used
     */
    public FtpCourses(
            EventLoop core,
            DataRequests requests,
            Names names,
            RelayEngine engine,
            AgentConfig config) {
        tls = FtpTls.of(config);
        surroundings = new FtpCourse.Surroundings(core, requests, names, engine, config.logUsers());
    }

    /**
     * Reads the certificates of a new configuration.
     *
     * @return to be run on the core loop, for sessions that come after that
     * @throws OperatorException if one can't be used
     */
    public Runnable prepare(AgentConfig config) {
        Map<String, FtpTls> next = FtpTls.of(config);
        return () -> {
            tls = next;
            surroundings = surroundings.with(config.logUsers());
        };
    }

    @Override
    public @Nullable Course of(
            SessionOpening opening, ServiceConfig service, SessionChannel channel) {
        if (opening.request() != null) {
            return surroundings.requests().came(opening);
        }
        Names names = surroundings.names();
        RelayEngine engine = surroundings.engine();
        FtpConfig ftp = service.ftp();
        if (ftp == null) {
            return ServiceCourse.of(opening, service, names, engine);
        }
        if (ftp.tls() instanceof PartnerTls.PassThrough(var originPorts)) {
            Ports ports = ftp.passive().ports();
            int reached = opening.reached().port();
            if (ports.contains(reached)) {
                int port = originPorts.first() + reached - ports.first();
                return ServiceCourse.toDataPort(port, opening, service, names, engine);
            }
            return ServiceCourse.of(opening, service, names, engine);
        }
        return new FtpCourse(
                surroundings,
                opening,
                service,
                ftp,
                tls.getOrDefault(service.name(), FtpTls.NONE),
                channel);
    }
}
