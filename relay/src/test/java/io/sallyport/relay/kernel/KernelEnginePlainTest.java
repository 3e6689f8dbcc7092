package io.sallyport.relay.kernel;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.RelayContract;
import io.sallyport.relay.tcp.Transport;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class KernelEnginePlainTest extends RelayContract {
    KernelEnginePlainTest() {
        super(Transport.EPOLL, ChannelKind.PLAIN, new KernelEngine());
    }
}
