package io.sallyport.origins;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * A file server over HTTP or HTTPS: GET and HEAD with ranges, directory listings, PUT. Anyone may
 * read and write.
 */
public final class HttpOrigin implements AutoCloseable {
    static {
        // Else the head and the body of an answer leave apart and Nagle holds back the body: 40 ms,
        // as measured. The JDK's server has no other switch, and reads this one once.
        System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
    }

    private static final int BACKLOG = 1024;
    private static final int CLOSE_SECONDS_MAX = 5;

    private final HttpServer server;
    private final ExecutorService requests;

    private HttpOrigin(HttpServer server, ExecutorService requests) {
        this.server = server;
        this.requests = requests;
    }

    /**
     * Starts one that speaks HTTP.
     *
     * @param listen port 0 takes a free one
     * @throws IOException if the folder is not there or the address cannot be listened on
     */
    public static HttpOrigin start(InetSocketAddress listen, Path folder) throws IOException {
        SharedFolder shared = SharedFolder.of(folder);
        return serve(HttpServer.create(listen, BACKLOG), shared);
    }

    /** Starts one that speaks HTTPS, otherwise as {@link #start}. */
    public static HttpOrigin startTls(InetSocketAddress listen, Path folder, SSLContext tls)
            throws IOException {
        SharedFolder shared = SharedFolder.of(folder);
        HttpsServer server = HttpsServer.create(listen, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return serve(server, shared);
    }

    private static HttpOrigin serve(HttpServer server, SharedFolder folder) {
        ExecutorService requests =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("http-origin-", 0).factory());
        server.setExecutor(requests);
        server.createContext("/", new FolderHandler(folder));
        server.start();
        return new HttpOrigin(server, requests);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Stops listening, drops every connection and waits for unfinished uploads to be removed. */
    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
        try {
            requests.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
