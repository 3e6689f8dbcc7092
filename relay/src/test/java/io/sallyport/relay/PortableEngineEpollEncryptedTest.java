package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.tcp.Transport;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PortableEngineEpollEncryptedTest extends RelayContract {
    PortableEngineEpollEncryptedTest() {
        super(Transport.EPOLL, ChannelKind.ENCRYPTED, new PortableEngine());
    }
}
