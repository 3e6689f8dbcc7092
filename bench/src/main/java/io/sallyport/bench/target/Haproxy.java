package io.sallyport.bench.target;

import io.sallyport.bench.measure.Machine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** HAProxy in front of HAProxy; in plain text it splices whatever it can. */
record Haproxy(Programs programs, Identity identity, boolean tls) implements Target {
    /** Pairs of descriptors that are set aside for splicing; each is in use for moments only. */
    private static final int PIPES = 250;

    @Override
    public String name() {
        return tls ? "haproxy-tls" : "haproxy";
    }

    @Override
    public String description() {
        return tls
                ? "haproxy → haproxy, TLS 1.3 between, sessions reused"
                : "haproxy → haproxy, splice forced in both directions";
    }

    @Override
    public Optional<String> missing() {
        return programs.missing("haproxy");
    }

    @Override
    public Chain start(Path directory, int originPort, Duration roundTrip) {
        return Plan.start(
                directory,
                roundTrip,
                plan -> {
                    int back = Server.freePort();
                    int front = Server.freePort();
                    Path pem = plan.write("identity.pem", identity.both());
                    String suite = "ciphersuites TLS_AES_128_GCM_SHA256 ssl-min-ver TLSv1.3";
                    String terminating = tls ? "ssl crt " + pem + " " + suite : "";
                    String originating = tls ? "ssl verify none " + suite : "";
                    startOne(plan, "back", back, terminating, originPort, "");
                    int between = plan.behindNetwork(back);
                    startOne(plan, "front", front, "", between, originating);
                    return front;
                });
    }

    private void startOne(
            Plan plan, String name, int port, String bindOptions, int next, String serverOptions) {
        Path file =
                plan.write(name + ".cfg", configuration(port, bindOptions, next, serverOptions));
        plan.startListening(
                name,
                port,
                programs.environment(),
                List.of(programs.path("haproxy"), "-f", file.toString()));
    }

    private static String configuration(
            int port, String bindOptions, int next, String serverOptions) {
        return """
        global
            nbthread %d
            maxconn %d
            maxpipes %d
            log stdout format raw local0
        defaults
            mode tcp
            log global
            option tcplog
            option splice-request
            option splice-response
            timeout connect 10s
            timeout client 1h
            timeout server 1h
        listen bench
            bind 127.0.0.1:%d backlog 4096 %s
            server next 127.0.0.1:%d %s
        """
                .formatted(
                        Machine.cores(),
                        Math.min(12_000, Machine.descriptorsMax() / 2 - 2 * PIPES),
                        PIPES,
                        port,
                        bindOptions,
                        next,
                        serverOptions);
    }
}
