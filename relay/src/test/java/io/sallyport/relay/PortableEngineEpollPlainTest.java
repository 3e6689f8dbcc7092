package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.tcp.Transport;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PortableEngineEpollPlainTest extends RelayContract {
    PortableEngineEpollPlainTest() {
        super(Transport.EPOLL, ChannelKind.PLAIN, new PortableEngine());
    }
}
