package io.sallyport.acceptance.peer;

import io.sallyport.acceptance.product.Commands;
import io.sallyport.acceptance.product.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real nginx that serves a folder over HTTPS and HTTP, and takes uploads below /put/. */
public final class Nginx implements AutoCloseable {
    private final Path directory;
    private final Server server;
    private final int plainPort;

    private Nginx(Path directory, Server server, int plainPort) {
        this.directory = directory;
        this.server = server;
        this.plainPort = plainPort;
    }

    /** Starts nginx with all it needs in a directory. */
    public static Nginx start(Path directory) {
        String nginx = Programs.path("nginx");
        try {
            Files.createDirectories(directory.resolve("files/put"));
        } catch (IOException cannotPrepare) {
            throw new UncheckedIOException(cannotPrepare);
        }
        Commands.mustRun(
                directory,
                Programs.path("openssl"),
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=origin",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-days",
                "2",
                "-keyout",
                "nginx.key",
                "-out",
                "nginx.crt");
        int plainPort = Ports.free();
        Server server =
                Server.start(
                        "nginx",
                        directory,
                        port ->
                                List.of(
                                        nginx,
                                        "-e",
                                        "stderr",
                                        "-p",
                                        directory.toString(),
                                        "-c",
                                        configuration(directory, port, plainPort).toString()));
        return new Nginx(directory, server, plainPort);
    }

    public int port() {
        return server.port();
    }

    /** Where there is no TLS. */
    public int plainPort() {
        return plainPort;
    }

    /** The folder that is served; uploads lie in its sub-folder put. */
    public Path files() {
        return directory.resolve("files");
    }

    /** The certificate to trust. */
    public Path certificate() {
        return directory.resolve("nginx.crt");
    }

    @Override
    public void close() {
        server.close();
    }

    private static Path configuration(Path directory, int port, int plainPort) {
        // The master has the rights of the test, and its workers must read the test's folder.
        String user = System.getProperty("user.name");
        try {
            return Files.writeString(
                    directory.resolve("nginx.conf"),
                    """
                    %s
                    daemon off;
                    pid nginx.pid;
                    worker_processes 1;
                    error_log stderr warn;
                    events { worker_connections 4096; }
                    http {
                        access_log off;
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        client_max_body_size 0;
                        server {
                            listen 127.0.0.1:%d ssl backlog=2048;
                            listen 127.0.0.1:%d;
                            ssl_certificate nginx.crt;
                            ssl_certificate_key nginx.key;
                            root files;
                            location /put/ { dav_methods PUT; }
                        }
                    }
                    """
                            .formatted(user.equals("root") ? "user root;" : "", port, plainPort));
        } catch (IOException cannotWrite) {
            throw new UncheckedIOException(cannotWrite);
        }
    }
}
