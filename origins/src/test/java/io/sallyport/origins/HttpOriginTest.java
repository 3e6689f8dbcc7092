package io.sallyport.origins;

import static io.sallyport.origins.TestFiles.ANY_LOOPBACK_PORT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HttpOriginTest {
    private static final String HALF_AN_UPLOAD =
            "PUT /new HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\nhalf";
    private static final int SOCKET_DEADLINE_MILLIS = 20_000;

    @TempDir Path outside;
    private Path folder;
    private TestIdentity identity;
    private HttpOrigin origin;
    private HttpOrigin plain;
    private HttpClient client;

    @BeforeEach
    void an_origin_with_tls_and_one_without() throws Exception {
        folder = Files.createDirectory(outside.resolve("shared"));
        Files.writeString(outside.resolve("secret"), "secret");
        identity = TestIdentity.in(outside, "EC");
        origin = HttpOrigin.startTls(ANY_LOOPBACK_PORT, folder, identity.server());
        plain = HttpOrigin.start(ANY_LOOPBACK_PORT, folder);
        client = identity.httpClient();
    }

    @AfterEach
    void close() {
        client.close();
        origin.close();
        plain.close();
    }

    @Test
    void a_file_put_comes_back_as_it_was() throws Exception {
        byte[] content = TestFiles.bytes(1, 5_000_000);

        assertThat(put("/file.bin", content).statusCode()).isEqualTo(201);
        assertThat(folder.resolve("file.bin")).hasBinaryContent(content);
        HttpResponse<byte[]> got = send(request("/file.bin"));
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.headers().firstValueAsLong("Content-Length")).hasValue(content.length);
        assertThat(got.body()).isEqualTo(content);
    }

    @Test
    void without_tls_it_works_the_same() throws Exception {
        byte[] content = TestFiles.bytes(2, 100_000);
        URI uri = URI.create("http:/" + plain.address() + "/file.bin");

        send(HttpRequest.newBuilder(uri).PUT(BodyPublishers.ofByteArray(content)));
        assertThat(send(HttpRequest.newBuilder(uri)).body()).isEqualTo(content);
    }

    @Test
    void a_file_put_again_is_replaced() throws Exception {
        assertThat(put("/file", new byte[100]).statusCode()).isEqualTo(201);
        assertThat(put("/file", new byte[] {1}).statusCode()).isEqualTo(204);
        assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1});
    }

    @Test
    void an_upload_may_come_in_chunks() throws Exception {
        byte[] content = TestFiles.bytes(3, 300_000);
        var chunks = BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(content));

        assertThat(send(request("/file").PUT(chunks)).statusCode()).isEqualTo(201);
        assertThat(folder.resolve("file")).hasBinaryContent(content);
    }

    @Test
    void an_empty_file_is_a_file() throws Exception {
        assertThat(put("/empty", new byte[0]).statusCode()).isEqualTo(201);
        HttpResponse<byte[]> got = send(request("/empty"));
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.headers().firstValueAsLong("Content-Length")).hasValue(0);
        assertThat(got.body()).isEmpty();
    }

    @Test
    void sixteen_files_are_put_and_fetched_at_the_same_time() throws Exception {
        var transfers = new ArrayList<Callable<?>>();
        for (int i = 0; i < 16; i++) {
            byte[] content = TestFiles.bytes(i, 1_000_000);
            String name = "/file" + i;
            transfers.add(() -> {
                assertThat(put(name, content).statusCode()).isEqualTo(201);
                return assertThat(send(request(name)).body()).isEqualTo(content);
            });
        }
        TestFiles.inParallel(transfers);
    }

    @Test
    void head_says_all_that_get_says_but_the_file() throws Exception {
        Files.write(folder.resolve("file.txt"), new byte[1234]);
        Files.setLastModifiedTime(
                folder.resolve("file.txt"), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));

        HttpResponse<byte[]> head = send(request("/file.txt").HEAD());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(1234);
        assertThat(head.headers().firstValue("Last-Modified"))
                .hasValue("Fri, 02 Jan 2026 03:04:05 GMT");
        assertThat(head.headers().firstValue("Content-Type")).hasValue("text/plain");
        assertThat(head.headers().firstValue("Accept-Ranges")).hasValue("bytes");
        assertThat(head.headers().firstValue("ETag"))
                .isPresent()
                .isEqualTo(send(request("/file.txt")).headers().firstValue("ETag"));
    }

    @Test
    void a_range_is_answered_with_a_part() throws Exception {
        byte[] content = TestFiles.bytes(4, 200_000);
        Files.write(folder.resolve("file"), content);

        HttpResponse<byte[]> part = send(request("/file").header("Range", "bytes=100000-"));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range"))
                .hasValue("bytes 100000-199999/200000");
        assertThat(part.body())
                .hasSize(100_000)
                .isEqualTo(Arrays.copyOfRange(content, 100_000, 200_000));
    }

    @Test
    void a_range_behind_the_end_is_refused_with_the_length() throws Exception {
        Files.write(folder.resolve("file"), new byte[10]);

        HttpResponse<byte[]> refused = send(request("/file").header("Range", "bytes=10-"));
        assertThat(refused.statusCode()).isEqualTo(416);
        assertThat(refused.headers().firstValue("Content-Range")).hasValue("bytes */10");
    }

    @Test
    void a_range_of_a_file_that_has_changed_is_answered_with_the_whole() throws Exception {
        Files.write(folder.resolve("file"), new byte[10]);
        String etag = send(request("/file").HEAD()).headers().firstValue("ETag").orElseThrow();
        var resume = request("/file").header("Range", "bytes=5-").header("If-Range", etag);

        assertThat(send(resume).statusCode()).isEqualTo(206);
        Files.write(folder.resolve("file"), new byte[11]);
        assertThat(send(resume).statusCode()).isEqualTo(200);
    }

    @Test
    void a_file_that_the_client_has_is_not_sent_again() throws Exception {
        Files.write(folder.resolve("file"), new byte[10]);
        String etag = send(request("/file").HEAD()).headers().firstValue("ETag").orElseThrow();

        assertThat(send(request("/file").header("If-None-Match", etag)).statusCode())
                .isEqualTo(304);
    }

    @Test
    void a_directory_is_listed_as_links_that_work() throws Exception {
        Files.createDirectories(folder.resolve("sub/deeper"));
        Files.writeString(folder.resolve("sub/<b>&#?% .txt"), "found");

        String page = text(send(request("/sub")));
        assertThat(page)
                .contains("<a href=\"/sub/deeper/\">deeper/</a>")
                .contains("<a href=\"/\">../</a>")
                .contains("&lt;b&gt;&amp;#?% .txt")
                .doesNotContain("<b>");
        String link = page.replaceAll("(?s).*href=\"([^\"]*txt)\".*", "$1").replace("&amp;", "&");
        assertThat(text(send(request(link)))).isEqualTo("found");
    }

    @Test
    void a_listing_shows_neither_links_that_lead_out_nor_unfinished_uploads() throws Exception {
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.writeString(folder.resolve(".upload-1"), "half");

        assertThat(text(send(request("/")))).doesNotContain("out", "upload");
        assertThat(send(request("/.upload-1")).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../secret",
                "/sub/../../secret",
                "/%2e%2e/secret",
                "/..%2fsecret",
                "/.//../secret",
                "/out/secret",
                "/out-file",
                "/secret%00",
                "/sub/%2e%2e/%2e%2e/secret"
            })
    void no_name_reaches_a_file_outside(String path) throws Exception {
        Files.createDirectory(folder.resolve("sub"));
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.createSymbolicLink(folder.resolve("out-file"), outside.resolve("secret"));

        String get = "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
        String put =
                "PUT "
                        + path
                        + " HTTP/1.1\r\n"
                        + "Host: h\r\n"
                        + "Content-Length: 3\r\n"
                        + "Connection: close\r\n\r\n"
                        + "bad";
        assertThat(converse(get)).startsWith("HTTP/1.1 404").doesNotContain("secret\n");
        assertThat(converse(put)).startsWith("HTTP/1.1 404");
        assertThat(outside.resolve("secret")).hasContent("secret");
    }

    @Test
    void an_upload_through_a_dangling_link_creates_nothing() throws Exception {
        Files.createSymbolicLink(folder.resolve("dangling"), outside.resolve("new"));
        assertThat(put("/dangling", new byte[1]).statusCode()).isEqualTo(404);
        assertThat(outside.resolve("new")).doesNotExist();
    }

    @Test
    void many_requests_share_a_connection() throws Exception {
        Files.writeString(folder.resolve("file"), "content");
        String get = "GET /file HTTP/1.1\r\nHost: h\r\n\r\n";
        String missing = "GET /missing HTTP/1.1\r\nHost: h\r\n\r\n";
        String put = "PUT /new HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nnew";
        String head = "HEAD /file HTTP/1.1\r\nHost: h\r\n\r\n";
        String last = "GET /new HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

        String answers = converse(get + missing + put + head + get + last);
        assertThat(answers)
                .endsWith("new")
                .containsSubsequence("200", "404", "201", "200", "200", "200");
    }

    @Test
    void an_upload_that_is_cut_short_leaves_no_file_not_even_the_old_one_changed()
            throws Exception {
        Files.writeString(folder.resolve("old"), "as it was");
        for (String name : new String[] {"new", "old"}) {
            String begin = "PUT /" + name + " HTTP/1.1\r\nHost: h\r\n";
            assertThat(converse(begin + "Content-Length: 10\r\n\r\nhalf"))
                    .doesNotContain("HTTP/1.1 2");
            assertThat(converse(begin + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"))
                    .doesNotContain("HTTP/1.1 2");
            assertThat(converse(begin + "Transfer-Encoding: chunked\r\n\r\n8\r\nhalf"))
                    .doesNotContain("HTTP/1.1 2");
        }
        assertThat(folder)
                .isDirectoryContaining("glob:**/old")
                .isDirectoryNotContaining("glob:**/new");
        assertThat(folder.resolve("old")).hasContent("as it was");
        assertThat(unfinishedUploads()).isZero();
    }

    @Test
    void an_upload_over_tls_that_is_reset_leaves_no_file() throws Exception {
        try (Socket tcp = new Socket(origin.address().getAddress(), origin.address().getPort())) {
            tcp.setSoLinger(true, 0);
            // Never closed itself: that would send the orderly end of TLS.
            Socket tls =
                    identity.client().getSocketFactory().createSocket(tcp, "127.0.0.1", 0, false);
            tls.getOutputStream().write(HALF_AN_UPLOAD.getBytes(US_ASCII));
            await().until(() -> unfinishedUploads() == 1);
        }
        await().until(() -> unfinishedUploads() == 0);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void closing_the_origin_in_the_middle_of_an_upload_leaves_no_file() throws Exception {
        try (Socket tcp = new Socket(plain.address().getAddress(), plain.address().getPort())) {
            tcp.getOutputStream().write(HALF_AN_UPLOAD.getBytes(US_ASCII));
            await().until(() -> unfinishedUploads() == 1);
            plain.close();
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void what_cannot_be_stored_is_refused_with_a_reason() throws Exception {
        Files.createDirectory(folder.resolve("sub"));

        assertThat(put("/sub", new byte[1]).statusCode()).isEqualTo(409);
        assertThat(put("/new/", new byte[1]).statusCode()).isEqualTo(409);
        assertThat(put("/", new byte[1]).statusCode()).isEqualTo(409);
        assertThat(text(put("/missing/file", new byte[1])))
                .contains("directory of this file does not exist");
        var part = request("/file").header("Content-Range", "bytes 0-0/2");
        assertThat(send(part.PUT(BodyPublishers.ofByteArray(new byte[1]))).statusCode())
                .isEqualTo(400);
        assertThat(converse("PUT /file HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 411");
        assertThat(folder.resolve("sub")).isEmptyDirectory();
        assertThat(folder.resolve("file")).doesNotExist();
    }

    @Test
    void a_refusal_waits_for_the_body_and_the_next_request_is_answered() throws Exception {
        try (Socket tls = identity.client().getSocketFactory().createSocket()) {
            tls.connect(origin.address());
            var out = tls.getOutputStream();
            out.write(
                    "PUT /new/ HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n"
                            .getBytes(US_ASCII));
            tls.setSoTimeout(200);
            assertThatThrownBy(() -> tls.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            out.write(
                    "xGET /none HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                            .getBytes(US_ASCII));
            tls.setSoTimeout(SOCKET_DEADLINE_MILLIS);
            assertThat(new String(tls.getInputStream().readAllBytes(), UTF_8))
                    .contains("HTTP/1.1 409", "HTTP/1.1 404");
        }
    }

    @Test
    void another_method_is_refused_with_those_that_there_are() throws Exception {
        Files.writeString(folder.resolve("file"), "content");

        HttpResponse<byte[]> refused = send(request("/file").DELETE());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("Allow")).hasValue("GET, HEAD, PUT");
        assertThat(folder.resolve("file")).exists();
    }

    @Test
    void a_file_is_not_a_directory() throws Exception {
        Files.writeString(folder.resolve("file"), "content");
        assertThat(send(request("/file/")).statusCode()).isEqualTo(404);
        assertThat(send(request("/file/below")).statusCode()).isEqualTo(404);
    }

    @Test
    void a_download_ends_without_its_length_if_the_file_becomes_shorter() throws Exception {
        int length = 50_000_000;
        Files.write(folder.resolve("file"), new byte[length]);
        try (Socket tcp = new Socket(plain.address().getAddress(), plain.address().getPort())) {
            tcp.setSoTimeout(SOCKET_DEADLINE_MILLIS);
            tcp.getOutputStream().write("GET /file HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII));
            assertThat(tcp.getInputStream().readNBytes(1000)).hasSize(1000);
            try (var file =
                    Files.newByteChannel(folder.resolve("file"), StandardOpenOption.WRITE)) {
                file.truncate(1000);
            }
            assertThat(TestFiles.bytesUntilTheEnd(tcp.getInputStream())).isLessThan(length);
        }
    }

    @Test
    void a_port_in_use_is_said_with_its_reason() {
        assertThatThrownBy(() -> HttpOrigin.start(plain.address(), folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void once_closed_it_listens_no_more() {
        plain.close();
        assertThatThrownBy(() ->
                        new Socket(plain.address().getAddress(), plain.address().getPort()).close())
                .isInstanceOf(IOException.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https:/" + origin.address() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> put(String path, byte[] content)
            throws IOException, InterruptedException {
        return send(request(path).PUT(BodyPublishers.ofByteArray(content)));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }

    /**
     * Sends bytes as they are to the origin without TLS, then the end, and returns all that comes
     * back.
     */
    private String converse(String requests) throws IOException {
        try (Socket tcp = new Socket(plain.address().getAddress(), plain.address().getPort())) {
            tcp.setSoTimeout(SOCKET_DEADLINE_MILLIS);
            tcp.getOutputStream().write(requests.getBytes(US_ASCII));
            tcp.shutdownOutput();
            return new String(tcp.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private long unfinishedUploads() throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.filter(FolderHandler::isUnfinishedUpload).count();
        }
    }
}
