package io.sallyport.bench.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Something that is measured: a way from a port to the origin. */
public interface Target {
    /** How it is called in options and reports. */
    String name();

    /** What it is, in half a line. */
    String description();

    /** Why it can't be measured on this machine; empty if it can. */
    Optional<String> missing();

    /**
     * Starts the processes. They may not yet be connected to each other when this returns.
     *
     * @param directory an empty one, for their configuration and logs
     * @param roundTrip of the network between the two processes; zero for none
     */
    Chain start(Path directory, int originPort, Duration roundTrip);
}
