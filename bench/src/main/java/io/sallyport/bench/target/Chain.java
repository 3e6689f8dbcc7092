package io.sallyport.bench.target;

import io.sallyport.bench.measure.ProcessTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A target that runs: connections to its port end at the origin.
 *
 * @param servers the processes that carry them
 * @param network what is between two of them, if anything
 */
public record Chain(int port, List<Server> servers, @Nullable AutoCloseable network)
        implements AutoCloseable {

    public Chain {
        servers = List.copyOf(servers);
    }

    /** All processes of the chain together. */
    public ProcessTree processes() {
        return new ProcessTree(servers.stream().map(Server::handle).toList());
    }

    @Override
    public void close() {
        new ArrayList<>(servers).reversed().forEach(Server::close);
        try {
            if (network != null) {
                network.close();
            }
        } catch (Exception alreadyClosed) {
            // Nothing is lost.
        }
    }
}
