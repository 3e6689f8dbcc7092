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
import io.sallyport.ftp.Settings.ServerTls;
import io.sallyport.process.OperatorException;
import io.sallyport.process.Ports;
import io.sallyport.protocol.SessionOpening;
import io.sallyport.relay.RelayEngine;
import io.sallyport.relay.dial.Names;
import io.sallyport.relay.tls.FtpsClient;
import org.jspecify.annotations.Nullable;

/** Tells sessions that speak FTP from others, and has them followed. */
public final class FtpCourses implements Courses {
    private volatile FtpCourse.Surroundings surroundings;
    private FtpTls.All tls;

    /**
     * @throws OperatorException if a certificate of a service can't be used
     */
    public FtpCourses(
            EventLoop core,
            DataRequests requests,
            Names names,
            RelayEngine engine,
            AgentConfig config) {
        tls = FtpTls.All.of(config);
        surroundings = new FtpCourse.Surroundings(core, requests, names, engine, config.logUsers());
    }

    /**
     * Reads the certificates of a new configuration.
     *
     * @return to be run on the core loop, for sessions that come after that
     * @throws OperatorException if one can't be used
     */
    public Runnable prepare(AgentConfig config) {
        FtpTls.All next = FtpTls.All.of(config);
        return () -> {
            tls = next;
            surroundings = surroundings.with(config.logUsers());
        };
    }

    /**
     * A client of an entry has reached its server. Called on the core loop.
     *
     * @return null if a reload has taken away how its server was to be spoken to
     */
    public @Nullable ForwardFtp forward(
            ForwardFtp.Asked asked, SessionOpening opening, SessionChannel channel) {
        FtpsClient client = tls.ofEntry(asked.ftp());
        return asked.ftp().tls() != ServerTls.NONE && client == null
                ? null
                : new ForwardFtp(surroundings, client, asked, opening, channel);
    }

    @Override
    public @Nullable Course atOnce(SessionOpening opening, ServiceConfig service) {
        return service.ftp() == null ? unread(opening, service) : null;
    }

    @Override
    public Course of(SessionOpening opening, ServiceConfig service, SessionChannel channel) {
        FtpConfig ftp = service.ftp();
        if (ftp == null) {
            return unread(opening, service);
        }
        if (ftp.tls() instanceof PartnerTls.PassThrough(var originPorts)) {
            Ports ports = ftp.passive().ports();
            int reached = opening.reached().port();
            if (ports.contains(reached)) {
                int port = originPorts.first() + reached - ports.first();
                return ServiceCourse.toDataPort(
                        port, opening, service, surroundings.names(), surroundings.engine());
            }
            return unread(opening, service);
        }
        return new FtpCourse(
                surroundings, opening, service, ftp, tls.ofService(service.name()), channel);
    }

    /** To the service's origin, whatever is said there. */
    private ServiceCourse unread(SessionOpening opening, ServiceConfig service) {
        return ServiceCourse.of(opening, service, surroundings.names(), surroundings.engine());
    }
}
