package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;

class PortableEngineFramedTest extends RelayContract {
    PortableEngineFramedTest() {
        super(ChannelKind.FRAMED, new PortableEngine());
    }
}
