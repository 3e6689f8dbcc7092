package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;

class PortableEngineRawTest extends RelayContract {
    PortableEngineRawTest() {
        super(ChannelKind.RAW, new PortableEngine());
    }
}
