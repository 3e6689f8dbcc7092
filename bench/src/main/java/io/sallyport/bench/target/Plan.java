package io.sallyport.bench.target;

import io.sallyport.bench.load.DelayingRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A chain while it is started: closes what runs if a later part fails. */
final class Plan {
    private final Path directory;
    private final Duration roundTrip;
    private final List<Server> servers = new ArrayList<>();
    private @Nullable DelayingRelay network;

    private Plan(Path directory, Duration roundTrip) {
        this.directory = directory;
        this.roundTrip = roundTrip;
    }

    /** Starts what the steps say; returns the port at which partners come. */
    static Chain start(Path directory, Duration roundTrip, ToIntFunction<Plan> steps) {
        var plan = new Plan(directory, roundTrip);
        try {
            return plan.chain(steps.applyAsInt(plan));
        } catch (RuntimeException failed) {
            plan.chain(0).close();
            throw failed;
        }
    }

    /** Where a process is reached from the other one: behind the network, if there is one. */
    int behindNetwork(int port) {
        if (roundTrip.isZero()) {
            return port;
        }
        network = DelayingRelay.to(port, roundTrip);
        return network.port();
    }

    Path write(String file, String text) {
        try {
            return Files.writeString(directory.resolve(file), text);
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }

    Path copy(Path file) {
        try {
            return Files.copy(file, directory.resolve(file.getFileName()));
        } catch (IOException cannotCopy) {
            throw new UncheckedIOException(cannotCopy);
        }
    }

    /** Starts a process that listens on a port, and waits until it does. */
    void startListening(
            String name, int port, Map<String, String> environment, List<String> command) {
        start(name, environment, command).awaitListening(port);
    }

    Server start(String name, Map<String, String> environment, List<String> command) {
        Server server = Server.start(name, directory, environment, command);
        servers.add(server);
        return server;
    }

    private Chain chain(int port) {
        return new Chain(port, servers, network);
    }
}
