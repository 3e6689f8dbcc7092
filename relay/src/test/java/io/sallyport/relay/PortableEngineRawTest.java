package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.tcp.Transport;

class PortableEngineRawTest extends RelayContract {
    PortableEngineRawTest() {
        super(Transport.PORTABLE, ChannelKind.RAW, new PortableEngine());
    }
}
