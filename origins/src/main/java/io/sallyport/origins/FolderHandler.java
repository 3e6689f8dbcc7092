package io.sallyport.origins;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers GET, HEAD and PUT from one folder, each request on a virtual thread of its own. An
 * exception that leaves it makes the JDK's server drop the connection, so that an answer cut short
 * never looks whole.
 */
final class FolderHandler implements HttpHandler {
    private static final String UPLOAD_PREFIX = ".upload-";
    private static final int COPY_BUFFER_BYTES = 64 * 1024;
    private static final int REFUSED_BODY_BYTES_MAX = 64 * 1024;
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                    .withZone(ZoneOffset.UTC);
    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";

    private final SharedFolder folder;

    FolderHandler(SharedFolder folder) {
        this.folder = folder;
    }

    static boolean isUnfinishedUpload(Path file) {
        Path name = file.getFileName();
        return name != null && name.toString().startsWith(UPLOAD_PREFIX);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> show(exchange);
                case "PUT" -> store(exchange);
                default -> {
                    exchange.getResponseHeaders().set("Allow", "GET, HEAD, PUT");
                    sendText(exchange, 405, "This server knows GET, HEAD and PUT only.");
                }
            }
        } catch (IOException e) {
            boolean answering = exchange.getResponseCode() != -1;
            if (!answering) {
                sendText(
                        exchange,
                        e instanceof NoSuchFileException ? 404 : 500,
                        "The request failed.");
            }
            throw e;
        }
    }

    private void show(HttpExchange exchange) throws IOException {
        Optional<Path> found = requested(exchange).filter(Files::exists);
        if (found.isEmpty()) {
            sendText(exchange, 404, "There is no such file.");
            return;
        }
        Path path = found.get();
        boolean namesDirectory = exchange.getRequestURI().getPath().endsWith("/");
        if (Files.isDirectory(path)) {
            send(exchange, 200, "text/html; charset=utf-8", DirectoryListing.html(folder, path));
        } else if (Files.isRegularFile(path) && !namesDirectory) {
            showFile(exchange, path);
        } else {
            sendText(exchange, 404, "There is no such file.");
        }
    }

    private static void showFile(HttpExchange exchange, Path file) throws IOException {
        long fileLength = Files.size(file);
        FileTime modified = Files.getLastModifiedTime(file);
        String etag = etag(fileLength, modified);

        Headers answer = exchange.getResponseHeaders();
        answer.set("Accept-Ranges", "bytes");
        answer.set("ETag", etag);
        answer.set("Last-Modified", HTTP_DATE.format(modified.toInstant()));
        answer.set("Content-Type", contentType(file));

        Headers asked = exchange.getRequestHeaders();
        if (etag.equals(asked.getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        // A range of a file that has changed since would make a mixture of two files.
        String ifRange = asked.getFirst("If-Range");
        boolean unchanged = ifRange == null || ifRange.equals(etag);
        switch (ByteRange.of(unchanged ? asked.getFirst("Range") : null, fileLength)) {
            case ByteRange.Whole() -> sendBytes(exchange, 200, file, 0, fileLength);
            case ByteRange.Part part -> {
                answer.set(
                        "Content-Range",
                        "bytes %d-%d/%d".formatted(part.first(), part.last(), fileLength));
                sendBytes(exchange, 206, file, part.first(), part.length());
            }
            case ByteRange.Unsatisfiable() -> {
                answer.set("Content-Range", "bytes */" + fileLength);
                sendText(exchange, 416, "The file has " + fileLength + " bytes.");
            }
        }
    }

    private static void sendBytes(
            HttpExchange exchange, int status, Path file, long first, long length)
            throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(first);
            sendHead(exchange, status, length);
            if (length == 0 || isHead(exchange)) {
                return;
            }
            OutputStream out = exchange.getResponseBody();
            var buffer = new byte[COPY_BUFFER_BYTES];
            for (long left = length; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException("the file became shorter while it was sent");
                }
                out.write(buffer, 0, count);
                left -= count;
            }
            out.close();
        }
    }

    private void store(HttpExchange exchange) throws IOException {
        Headers asked = exchange.getRequestHeaders();
        if (!asked.containsKey("Content-Length") && !asked.containsKey("Transfer-Encoding")) {
            sendText(exchange, 411, "Say how long the file is, or send it in chunks.");
            return;
        }
        if (asked.containsKey("Content-Range")) {
            sendText(exchange, 400, "A file is stored whole, never in parts.");
            return;
        }
        Optional<Path> target = requested(exchange);
        if (target.isEmpty()) {
            sendText(exchange, 404, "There is no such place.");
        } else if (exchange.getRequestURI().getPath().endsWith("/")
                || Files.isDirectory(target.get())) {
            sendText(exchange, 409, "This names a directory: name a file.");
        } else if (!Files.isDirectory(target.get().resolveSibling("."))) {
            sendText(exchange, 409, "The directory of this file does not exist.");
        } else {
            int status = Files.exists(target.get()) ? 204 : 201;
            receive(exchange.getRequestBody(), target.get());
            exchange.sendResponseHeaders(status, -1);
        }
    }

    /** The file appears under its name only when all of it has arrived. */
    private static void receive(InputStream body, Path target) throws IOException {
        Path upload = target.resolveSibling(UPLOAD_PREFIX + UUID.randomUUID());
        try {
            try (OutputStream out = Files.newOutputStream(upload, StandardOpenOption.CREATE_NEW)) {
                body.transferTo(out);
            }
            Files.move(upload, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(upload);
        }
    }

    private Optional<Path> requested(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return folder.resolve(path).filter(file -> !isUnfinishedUpload(file));
    }

    private static String etag(long fileLength, FileTime modified) {
        HexFormat hex = HexFormat.of();
        return "\""
                + hex.toHexDigits(modified.to(TimeUnit.NANOSECONDS))
                + "-"
                + hex.toHexDigits(fileLength)
                + "\"";
    }

    private static String contentType(Path file) {
        @Nullable String guessed = URLConnection.guessContentTypeFromName(file.toString());
        return guessed == null ? "application/octet-stream" : guessed;
    }

    /**
     * Takes what was sent with the request before it answers: a client that has its answer may send
     * the rest of the body and the next request in one go, and over TLS the JDK's server would
     * never look at the latter. A longer body makes that server close the connection.
     */
    private static void sendText(HttpExchange exchange, int status, String sentence)
            throws IOException {
        exchange.getRequestBody().readNBytes(REFUSED_BODY_BYTES_MAX);
        send(exchange, status, PLAIN_TEXT, sentence + "\n");
    }

    private static void send(HttpExchange exchange, int status, String contentType, String text)
            throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        sendHead(exchange, status, bytes.length);
        if (!isHead(exchange)) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }

    /**
     * The JDK's server takes 0 for "unknown, in chunks" and -1 for "no body", and is not to be told
     * a length for HEAD.
     */
    private static void sendHead(HttpExchange exchange, int status, long length)
            throws IOException {
        if (isHead(exchange)) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(length));
        }
        exchange.sendResponseHeaders(status, isHead(exchange) || length == 0 ? -1 : length);
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }
}
