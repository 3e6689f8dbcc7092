package io.sallyport.agent.ftp;

import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.Target;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.process.HostPort;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.dial.Names;
import java.time.Duration;

/**
 * The inner end of a data connection that listens for the agent.
 *
 * @param role what it is called: {@code origin}, {@code client}
 */
record WaitingInside(String role, Endpoint address, Duration patience)
        implements DataCourse.Inside {
    @Override
    public String name() {
        return address.toString();
    }

    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        var target =
                new Target(role, new HostPort(address.address().getHostAddress(), address.port()));
        return TcpDial.start(loop, Names.fixed(address.address()), target, patience, outcome);
    }
}
