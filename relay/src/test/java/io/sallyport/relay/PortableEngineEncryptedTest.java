package io.sallyport.relay;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.tcp.Transport;

class PortableEngineEncryptedTest extends RelayContract {
    PortableEngineEncryptedTest() {
        super(Transport.PORTABLE, ChannelKind.ENCRYPTED, new PortableEngine());
    }
}
