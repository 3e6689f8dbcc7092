package io.sallyport.bench.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** rathole in plain text, as it is without further settings. */
record Rathole(Programs programs) implements Target {
    @Override
    public String name() {
        return "rathole";
    }

    @Override
    public String description() {
        return "rathole client → rathole server, plain TCP";
    }

    @Override
    public Optional<String> missing() {
        return programs.missing("rathole");
    }

    @Override
    public Chain start(Path directory, int originPort, Duration roundTrip) {
        return Plan.start(
                directory,
                roundTrip,
                plan -> {
                    int door = Server.freePort();
                    int partners = Server.freePort();
                    plan.write(
                            "server.toml",
                            """
                            [server]
                            bind_addr = "127.0.0.1:%d"
                            default_token = "bench"
                            [server.services.bench]
                            bind_addr = "127.0.0.1:%d"
                            """
                                    .formatted(door, partners));
                    plan.startListening("server", door, Map.of(), command("server"));
                    plan.write(
                            "client.toml",
                            """
                            [client]
                            remote_addr = "127.0.0.1:%d"
                            default_token = "bench"
                            [client.services.bench]
                            local_addr = "127.0.0.1:%d"
                            """
                                    .formatted(plan.behindNetwork(door), originPort));
                    plan.startListening("client", partners, Map.of(), command("client"));
                    return partners;
                });
    }

    private List<String> command(String which) {
        return List.of(programs.path("rathole"), "--" + which, which + ".toml");
    }
}
