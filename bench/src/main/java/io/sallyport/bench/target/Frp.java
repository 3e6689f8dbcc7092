package io.sallyport.bench.target;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** frp without multiplexing: a connection per session, as ours; it uses TLS between its two. */
record Frp(Programs programs) implements Target {
    @Override
    public String name() {
        return "frp";
    }

    @Override
    public String description() {
        return "frpc → frps, TLS, no multiplexing, a pool of 64 connections";
    }

    @Override
    public Optional<String> missing() {
        return programs.missing("frps", "frpc");
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
                            "frps.toml",
                            """
                            bindAddr = "127.0.0.1"
                            bindPort = %d
                            proxyBindAddr = "127.0.0.1"
                            transport.tcpMux = false
                            transport.maxPoolCount = 64
                            log.level = "error"
                            """
                                    .formatted(door));
                    plan.startListening("frps", door, Map.of(), command("frps"));
                    plan.write(
                            "frpc.toml",
                            """
                            serverAddr = "127.0.0.1"
                            serverPort = %d
                            transport.tcpMux = false
                            transport.poolCount = 64
                            log.level = "error"
                            [[proxies]]
                            name = "bench"
                            type = "tcp"
                            localIP = "127.0.0.1"
                            localPort = %d
                            remotePort = %d
                            """
                                    .formatted(plan.behindNetwork(door), originPort, partners));
                    plan.startListening("frpc", partners, Map.of(), command("frpc"));
                    return partners;
                });
    }

    private List<String> command(String which) {
        return List.of(programs.path(which), "-c", which + ".toml");
    }
}
