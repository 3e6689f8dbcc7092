package io.sallyport.bench.target;

import io.sallyport.bench.measure.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** nginx in front of nginx, each with its stream module. */
record Nginx(Programs programs, Identity identity, boolean tls) implements Target {
    private static final String MODULE = "ngx_stream_module.so";

    @Override
    public String name() {
        return tls ? "nginx-tls" : "nginx";
    }

    @Override
    public String description() {
        return tls
                ? "nginx → nginx (stream), TLS 1.3 between, sessions reused"
                : "nginx → nginx (stream)";
    }

    @Override
    public Optional<String> missing() {
        return programs.missing("nginx")
                .or(() ->
                        Files.exists(module())
                                ? Optional.empty()
                                : Optional.of("not here: nginx's stream module"));
    }

    private Path module() {
        return programs.unpacked("usr/lib/nginx/modules/" + MODULE);
    }

    @Override
    public Chain start(Path directory, int originPort, Duration roundTrip) {
        return Plan.start(
                directory,
                roundTrip,
                plan -> {
                    int back = Server.freePort();
                    int front = Server.freePort();
                    startOne(plan, directory, "back", back, originPort, tls ? terminating() : "");
                    int between = plan.behindNetwork(back);
                    startOne(plan, directory, "front", front, between, tls ? originating() : "");
                    return front;
                });
    }

    private void startOne(
            Plan plan, Path directory, String name, int port, int next, String tlsLines) {
        Path file = plan.write(name + ".conf", configuration(name, port, next, tlsLines));
        plan.startListening(
                name,
                port,
                programs.environment(),
                List.of(
                        programs.path("nginx"),
                        "-e",
                        "stderr",
                        "-p",
                        directory.toString(),
                        "-c",
                        file.toString()));
    }

    private String configuration(String name, int port, int next, String tlsLines) {
        boolean root = System.getProperty("user.name").equals("root");
        return """
        %s
        daemon off;
        load_module %s;
        pid %s.pid;
        worker_processes %d;
        worker_rlimit_nofile %d;
        error_log stderr error;
        events { worker_connections 24576; }
        stream {
            log_format session '$remote_addr [$time_iso8601] $status $bytes_received $bytes_sent $session_time $upstream_addr';
            access_log %s-sessions.log session buffer=64k flush=1s;
            server {
                listen 127.0.0.1:%d%s backlog=4096;
                proxy_pass 127.0.0.1:%d;
                proxy_timeout 1h;
        %s
            }
        }
        """
                .formatted(
                        root ? "user root;" : "",
                        module(),
                        name,
                        Machine.cores(),
                        Machine.descriptorsMax(),
                        name,
                        port,
                        tlsLines.contains("ssl_certificate_key") ? " ssl" : "",
                        next,
                        tlsLines);
    }

    private String terminating() {
        return """
                ssl_certificate %s;
                ssl_certificate_key %s;
                ssl_protocols TLSv1.3;
                ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
                ssl_session_cache shared:sessions:10m;
        """
                .formatted(identity.certificate(), identity.key());
    }

    private static String originating() {
        return """
                proxy_ssl on;
                proxy_ssl_protocols TLSv1.3;
                proxy_ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
                proxy_ssl_session_reuse on;
        """;
    }
}
