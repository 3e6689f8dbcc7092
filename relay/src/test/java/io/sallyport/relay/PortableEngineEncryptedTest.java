package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;

class PortableEngineEncryptedTest extends RelayContract {
    PortableEngineEncryptedTest() {
        super(ChannelKind.ENCRYPTED, new PortableEngine());
    }
}
