package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.tcp.Transport;

class PortableEngineFramedTest extends RelayContract {
    PortableEngineFramedTest() {
        super(Transport.PORTABLE, ChannelKind.FRAMED, new PortableEngine());
    }
}
