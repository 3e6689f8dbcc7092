package io.sallyport.agent.ftp;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.sallyport.agent.dial.DialFault;
import io.sallyport.agent.dial.TcpDial;
import io.sallyport.protocol.Endpoint;
import io.sallyport.relay.dial.Dialing;
import io.sallyport.relay.tcp.TcpChannel;

/** The inner end of a data connection that has connected to the agent already. */
final class ArrivedInside implements DataCourse.Inside, Dialing {
    private final String role;
    private final TcpChannel connection;
    private final Endpoint from;
    private volatile boolean handedOn;

    /**
     * @param role what it is called: {@code origin}, {@code client}
     */
    ArrivedInside(String role, TcpChannel connection, Endpoint from) {
        this.role = role;
        this.connection = connection;
        this.from = from;
    }

    @Override
    public String name() {
        return from.toString();
    }

    @Override
    public Dialing reach(EventLoop loop, TcpDial.Outcome outcome) {
        loop.register(connection)
                .addListener((ChannelFuture registered) -> {
                    if (registered.isSuccess()) {
                        handedOn = true;
                        outcome.connected(connection);
                    } else {
                        outcome.failed(
                                new DialFault(
                                        false, role + " " + from + " left before it was served"));
                    }
                });
        return this;
    }

    @Override
    public void cancel() {
        if (!handedOn) {
            reset();
        }
    }

    /** Nobody will take it. */
    void reset() {
        connection.reset();
    }
}
