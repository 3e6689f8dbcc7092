package io.sallyport.relay.kernel;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.RelayContract;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class KernelEngineFramedTest extends RelayContract {
    KernelEngineFramedTest() {
        super(ChannelKind.FRAMED, new KernelEngine());
    }
}
