package io.sallyport.relay.kernel;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.relay.RelayContract;
import io.sallyport.relay.tcp.Transport;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * As an ordinary user whose other pipes leave room for two small ones: the kernel refuses to
 * enlarge them, and most sessions get none.
 */
@EnabledOnOs(OS.LINUX)
class FewPipesTest extends RelayContract {
    private static final int REFUSED_BYTES = -1;

    FewPipesTest() {
        super(
                Transport.EPOLL,
                ChannelKind.PLAIN,
                new KernelEngine(List.of(new Pipes.Share(2, REFUSED_BYTES))));
    }
}
