package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;

class PortableEnginePlainTest extends RelayContract {
    PortableEnginePlainTest() {
        super(ChannelKind.PLAIN, new PortableEngine());
    }
}
