package io.sallyport.agent.forward;

import io.netty.channel.EventLoop;
import io.sallyport.agent.config.ForwardConfig;
import io.sallyport.agent.ftp.FtpCourses;
import io.sallyport.agent.session.DataRequests;
import io.sallyport.agent.session.Gateway;
import io.sallyport.relay.RelayEngine;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all entries share. Used on the core loop only; a reload changes the configuration. */
final class Forwarding {
    final EventLoop core;
    final DataRequests requests;
    final RelayEngine engine;
    final FtpCourses ftp;
    final Logins logins = new Logins();
    private final Supplier<@Nullable Gateway> gateway;
    private ForwardConfig config;

    /**
     * @param gateway where to ask: the first gateway that is connected; null if none is
     */
    Forwarding(
            EventLoop core,
            DataRequests requests,
            RelayEngine engine,
            FtpCourses ftp,
            Supplier<@Nullable Gateway> gateway,
            ForwardConfig config) {
        this.core = core;
        this.requests = requests;
        this.engine = engine;
        this.ftp = ftp;
        this.gateway = gateway;
        this.config = config;
    }

    @Nullable Gateway gateway() {
        return gateway.get();
    }

    ForwardConfig config() {
        return config;
    }

    void reload(ForwardConfig next) {
        config = next;
    }
}
