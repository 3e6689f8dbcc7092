package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.tcp.Transport;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PortableEngineEpollFramedTest extends RelayContract {
    PortableEngineEpollFramedTest() {
        super(Transport.EPOLL, ChannelKind.FRAMED, new PortableEngine());
    }
}
