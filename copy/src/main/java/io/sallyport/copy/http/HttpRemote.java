package io.sallyport.copy.http;

import io.sallyport.copy.remote.Address;
import io.sallyport.copy.remote.Checksum;
import io.sallyport.copy.remote.CopyException;
import io.sallyport.copy.remote.CopyException.Kind;
import io.sallyport.copy.remote.Faults;
import io.sallyport.copy.remote.Remote;
import io.sallyport.copy.remote.RemoteFile;
import io.sallyport.copy.remote.Route;
import io.sallyport.copy.remote.Settings;
import io.sallyport.copy.remote.TlsTrust;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * HTTP and HTTPS: GET and PUT of single files. Servers show a file only when all of a PUT has
 * arrived, so uploads have no temporary name.
 */
public final class HttpRemote implements Remote {
    static {
        // The login of an agent's HTTP entry is Basic, which the JDK does not send for tunnels
        // unless told so.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private static final Pattern DIGEST =
            Pattern.compile("(?i)(sha-256|sha-512|md5)=:?([A-Za-z0-9+/]+=*):?");
    private static final Pattern RANGE_START = Pattern.compile("bytes (\\d+)-.*");

    private final HttpClient http;
    private final Address server;
    private final Settings settings;
    private @Nullable String authorization;
    private volatile @Nullable InputStream body;
    private @Nullable String etag;

    private HttpRemote(HttpClient http, Address server, Settings settings) {
        this.http = http;
        this.server = server;
        this.settings = settings;
    }

    public static HttpRemote open(Address address, Settings settings) throws IOException {
        var client =
                HttpClient.newBuilder()
                        .proxy(settings.route().web())
                        .followRedirects(Redirect.NORMAL)
                        .connectTimeout(settings.connectTimeout())
                        .sslContext(TlsTrust.context(settings.trust().authorities()));
        if (settings.route() instanceof Route.ThroughAgent agent && agent.user() != null) {
            client.authenticator(entryLogin(agent));
        }
        var remote = new HttpRemote(client.build(), address, settings);
        String user = address.user();
        if (user != null) {
            String password = settings.secrets().password(user + "@" + address.server()).orElse("");
            remote.authorization =
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(
                                            (user + ":" + password)
                                                    .getBytes(StandardCharsets.UTF_8));
        }
        return remote;
    }

    private static Authenticator entryLogin(Route.ThroughAgent agent) {
        return new Authenticator() {
            @Override
            protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                String password = agent.password();
                return getRequestorType() == RequestorType.PROXY && password != null
                        ? new PasswordAuthentication(agent.user(), password.toCharArray())
                        : null;
            }
        };
    }

    @Override
    public boolean can(Ability ability) {
        return ability == Ability.RESUME_DOWNLOAD;
    }

    private HttpRequest.Builder request(String path) throws CopyException {
        try {
            String host =
                    server.host().indexOf(':') >= 0 ? "[" + server.host() + "]" : server.host();
            var request =
                    HttpRequest.newBuilder(
                            URI.create(
                                    "%s://%s:%d/%s"
                                            .formatted(
                                                    server.scheme(), host, server.port(), path)));
            String login = authorization;
            return login == null ? request : request.header("Authorization", login);
        } catch (IllegalArgumentException unfit) {
            throw CopyException.usage("this is no URL (a space is %20): " + server.withPath(path));
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException {
        try {
            return http.send(request, handler);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (IOException failure) {
            throw Faults.during(server.server(), failure);
        }
    }

    /** Tells what the server's answer means, unless it is one of those that are wanted. */
    private void expect(HttpResponse<?> response, List<Integer> wanted) throws CopyException {
        int status = response.statusCode();
        if (wanted.contains(status)) {
            return;
        }
        String where = server.server() + " answers " + response.request().method();
        throw switch (status) {
            case 401 ->
                    new CopyException(
                            Kind.LOGIN_REFUSED, where + " with 401: the login is refused");
            case 407 ->
                    new CopyException(
                            Kind.LOGIN_REFUSED, "the agent's entry does not accept the login");
            default -> CopyException.failed(where + " with " + status);
        };
    }

    private HttpResponse<Void> head(String path) throws IOException {
        return send(
                request(path)
                        .HEAD()
                        .header("Want-Repr-Digest", "sha-256=10, sha-512=5")
                        .timeout(settings.idleTimeout())
                        .build(),
                BodyHandlers.discarding());
    }

    @Override
    public Optional<RemoteFile> find(String path) throws IOException {
        var response = head(path);
        if (response.statusCode() == 404 || response.statusCode() == 410) {
            return Optional.empty();
        }
        expect(response, List.of(200, 405, 501));
        HttpHeaders headers = response.headers();
        boolean told = response.statusCode() == 200;
        etag =
                told
                        ? headers.firstValue("ETag")
                                .filter(tag -> !tag.startsWith("W/"))
                                .orElse(null)
                        : null;
        return Optional.of(
                new RemoteFile(
                        nameOf(path),
                        false,
                        told ? headers.firstValueAsLong("Content-Length").orElse(-1) : -1,
                        told ? modified(headers) : null));
    }

    private static String nameOf(String path) {
        String withoutQuery = path.replaceFirst("[?#].*", "");
        return withoutQuery.substring(withoutQuery.lastIndexOf('/') + 1);
    }

    private static @Nullable Instant modified(HttpHeaders headers) {
        try {
            return headers.firstValue("Last-Modified")
                    .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .map(ZonedDateTime::toInstant)
                    .orElse(null);
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    @Override
    public void read(String path, long offset, OutputStream into) throws IOException {
        var request = request(path).GET();
        String tag = etag;
        if (tag != null) {
            // The same file that was asked about, or none.
            request.header("If-Match", tag);
        }
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-");
        }
        var response = send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            body = in;
            expect(response, offset > 0 ? List.of(200, 206) : List.of(200));
            requireKnownEnd(response);
            if (response.statusCode() == 206) {
                requireStart(response.headers(), offset);
            } else {
                in.skipNBytes(offset);
            }
            in.transferTo(into);
        } finally {
            body = null;
        }
    }

    /** An answer that ends with its connection can't be told from one that was cut. */
    private void requireKnownEnd(HttpResponse<?> response) throws CopyException {
        HttpHeaders headers = response.headers();
        boolean known =
                response.version() != Version.HTTP_1_1
                        || headers.firstValue("Content-Length").isPresent()
                        || headers.firstValue("Transfer-Encoding").isPresent();
        if (!known) {
            throw CopyException.failed(
                    server.server()
                            + " does not say how long the file is, so a part could not be told from"
                            + " the whole");
        }
    }

    private void requireStart(HttpHeaders headers, long offset) throws CopyException {
        String range = headers.firstValue("Content-Range").orElse("none");
        Matcher start = RANGE_START.matcher(range);
        if (!start.matches() || Long.parseLong(start.group(1)) != offset) {
            throw CopyException.failed(
                    "%s was asked for bytes from %d on, and sent %s"
                            .formatted(server.server(), offset, range));
        }
    }

    @Override
    public void write(String path, long offset, InputStream from, long bytes) throws IOException {
        BodyPublisher content =
                bytes == 0
                        ? BodyPublishers.noBody()
                        : BodyPublishers.fromPublisher(
                                BodyPublishers.ofInputStream(() -> from), bytes);
        var response = send(request(path).PUT(content).build(), BodyHandlers.discarding());
        expect(response, List.of(200, 201, 204));
    }

    @Override
    public Optional<Checksum> checksum(String path) throws IOException {
        HttpHeaders headers = head(path).headers();
        for (String name : List.of("Repr-Digest", "Digest")) {
            for (String value : headers.allValues(name)) {
                Matcher digest = DIGEST.matcher(value);
                if (digest.find()) {
                    return Optional.of(
                            checksum(digest.group(1).toUpperCase(Locale.ROOT), digest.group(2)));
                }
            }
        }
        return headers.firstValue("Content-MD5").map(base64 -> checksum("MD5", base64));
    }

    private static Checksum checksum(String algorithm, String base64) {
        return new Checksum(
                algorithm, HexFormat.of().formatHex(Base64.getDecoder().decode(base64)));
    }

    @Override
    public List<RemoteFile> list(String folder) throws IOException {
        throw CopyException.usage("HTTP has no listing of folders: name each file");
    }

    @Override
    public void rename(String from, String to) throws IOException {
        throw CopyException.usage("HTTP cannot rename");
    }

    @Override
    public void makeFolder(String path) throws IOException {
        throw CopyException.usage("HTTP has no folders: name each file");
    }

    @Override
    public void delete(String path) throws IOException {
        expect(
                send(request(path).DELETE().build(), BodyHandlers.discarding()),
                List.of(200, 202, 204));
    }

    /** HTTP has no word for it. */
    @Override
    public void setModified(String path, Instant modified) {}

    @Override
    public void abort() {
        http.shutdownNow();
        InputStream reading = body;
        try {
            if (reading != null) {
                reading.close();
            }
        } catch (IOException alreadyGone) {
            body = null;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
