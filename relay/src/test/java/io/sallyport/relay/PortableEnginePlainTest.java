package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.tcp.Transport;

class PortableEnginePlainTest extends RelayContract {
    PortableEnginePlainTest() {
        super(Transport.PORTABLE, ChannelKind.PLAIN, new PortableEngine());
    }
}
