package io.sallyport.agent.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.agent.forward.Handshake.Ask;
import io.sallyport.agent.forward.Handshake.Login;
import io.sallyport.agent.forward.Handshake.More;
import io.sallyport.agent.forward.Handshake.Refuse;
import io.sallyport.agent.forward.Handshake.Say;
import io.sallyport.agent.forward.Handshake.Step;
import io.sallyport.protocol.Endpoint;
import io.sallyport.protocol.RefusalKind;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients say first, whole, cut at every byte, and hostile. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HandshakeTest {
    private static final String NAME = "736674702e74657374"; // sftp.test

    private static ByteBuf hex(String hex) {
        return Unpooled.copiedBuffer(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    private static String hexOf(ByteBuf bytes) {
        return ByteBufUtil.hexDump(bytes);
    }

    /** Feeds the bytes one by one, and answers as the entry would; the last step is returned. */
    private static Step slowly(Handshake handshake, ByteBuf all) {
        ByteBuf arrived = Unpooled.buffer();
        Step step = new More();
        while (all.isReadable() && !(step instanceof Refuse)) {
            assertThat(step).isInstanceOf(More.class);
            arrived.writeByte(all.readByte());
            step = handshake.read(arrived);
            while (step instanceof Say || step instanceof Login) {
                step = step instanceof Login ? handshake.loggedIn(true) : handshake.read(arrived);
            }
        }
        return step;
    }

    private static void assertAsks(Step step, boolean bind, String host, int port) {
        assertThat(step)
                .isInstanceOfSatisfying(
                        Ask.class,
                        ask -> {
                            assertThat(ask.bind()).isEqualTo(bind);
                            assertThat(ask.host()).isEqualTo(host);
                            assertThat(ask.port()).isEqualTo(port);
                        });
    }

    @ParameterizedTest
    @CsvSource({
        "05 01 00 05 01 00 03 09 NAME 0016, false, sftp.test",
        "05 02 00 02 05 01 00 01 c6336407 0016, false, 198.51.100.7",
        "05 01 00 05 02 00 01 c6336407 0016, true, 198.51.100.7",
        "05 01 00 05 01 00 04 20010db8000000000000000000000007 0016, false, 2001:db8:0:0:0:0:0:7",
        "05 01 00 05 01 00 04 00000000000000000000ffff7f000001 0016, false, 127.0.0.1",
        "04 01 0016 c6336407 00, false, 198.51.100.7",
        "04 01 0016 00000001 6d6500 NAME 00, false, sftp.test",
        "04 02 0016 c6336407 00, true, 198.51.100.7"
    })
    void socks_asks_for_what_it_says_however_it_is_cut(String bytes, boolean bind, String host) {
        var said = hex(bytes.replace("NAME", NAME));

        assertAsks(slowly(new SocksHandshake(false), said), bind, host, 22);
    }

    @Test
    void a_password_is_asked_for_and_nothing_goes_on_before_it_is_right() {
        var handshake = new SocksHandshake(true);
        var said = hex("05 01 02 01 02 6d65 03 313233 05 01 00 03 09 " + NAME + " 0016");

        assertThat(handshake.read(said))
                .isInstanceOfSatisfying(
                        Say.class, say -> assertThat(hexOf(say.bytes())).isEqualTo("0502"));
        assertThat(handshake.read(said)).isEqualTo(new Login("me", "123"));
        assertThat(handshake.loggedIn(true))
                .isInstanceOfSatisfying(
                        Say.class, say -> assertThat(hexOf(say.bytes())).isEqualTo("0100"));
        assertAsks(handshake.read(said), false, "sftp.test", 22);
        assertThat(new Socks5Handshake(true).loggedIn(false))
                .isInstanceOfSatisfying(
                        Refuse.class, no -> assertThat(hexOf(no.reply())).isEqualTo("0101"));
    }

    @ParameterizedTest
    @CsvSource({
        "05 01 00 05 03 00 01 c6336407 0016, 05070001000000000000",
        "05 01 00 05 09 00 01 c6336407 0016, 05070001000000000000",
        "05 01 00 05 01 00 07 c6336407 0016, 05080001000000000000",
        "05 01 02, 05ff",
        "05 00, 05ff",
        "04 03 0016 c6336407 00, 005b000000000000",
        "474554, ''"
    })
    void what_socks_does_not_do_here_is_refused_in_its_own_words(String bytes, String reply) {
        assertThat(slowly(new SocksHandshake(false), hex(bytes)))
                .isInstanceOfSatisfying(
                        Refuse.class, no -> assertThat(hexOf(no.reply())).isEqualTo(reply));
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_ALLOWED, 02, 403",
        "NAME_UNKNOWN, 04, 502",
        "UNREACHABLE, 03, 502",
        "CONNECTION_REFUSED, 05, 502",
        "TIMED_OUT, 06, 504",
        "LIMIT_REACHED, 01, 503"
    })
    void a_refusal_is_told_in_the_protocol_of_the_client(
            RefusalKind kind, String socks, String http) {
        assertThat(hexOf(new Socks5Handshake(false).refused(kind, "no"))).startsWith("05" + socks);
        assertThat(hexOf(new Socks4Handshake(false).refused(kind, "no"))).startsWith("005b");
        assertThat(new HttpHandshake(false).refused(kind, "the reason").toString(ISO_8859_1))
                .startsWith("HTTP/1.1 " + http + " ")
                .endsWith("\r\n\r\nthe reason\n");
    }

    @Test
    void the_address_that_was_used_is_told() {
        var four = new Endpoint(InetAddress.ofLiteral("192.0.2.1"), 40_000);
        var six = new Endpoint(InetAddress.ofLiteral("2001:db8::1"), 40_000);

        assertThat(hexOf(new Socks5Handshake(false).accepted(four)))
                .isEqualTo("05000001c00002019c40");
        assertThat(hexOf(new Socks5Handshake(false).accepted(six)))
                .isEqualTo("0500000420010db80000000000000000000000019c40");
        assertThat(hexOf(new Socks4Handshake(false).accepted(four))).isEqualTo("005a9c40c0000201");
    }

    @Test
    void http_connect_asks_for_what_it_says_however_it_is_cut() {
        var said = "CONNECT sftp.test:22 HTTP/1.1\r\nHost: sftp.test:22\r\n\r\n";

        assertAsks(slowly(new HttpHandshake(false), text(said)), false, "sftp.test", 22);
    }

    @Test
    void what_follows_connect_is_left_for_the_partner() {
        ByteBuf said = text("CONNECT [2001:db8::7]:22 HTTP/1.1\r\n\r\nSSH-2.0");

        assertAsks(new HttpHandshake(false).read(said), false, "2001:db8::7", 22);
        assertThat(said.toString(ISO_8859_1)).isEqualTo("SSH-2.0");
    }

    @Test
    void an_http_request_is_written_anew_for_its_origin() {
        var said =
                "POST http://web.test/a?b HTTP/1.1\r\nHost: other.test\r\nConnection: x-secret,"
                        + " keep-alive\r\nX-Secret: 1\r\nProxy-Authorization: Basic eDp5\r\nAccept:"
                        + " */*\r\nTE: gzip\r\nContent-Length: 3\r\n\r\nabc";

        Step step = new HttpHandshake(false).read(text(said));

        assertAsks(step, false, "web.test", 80);
        assertThat(((Ask) step).first().toString(ISO_8859_1))
                .isEqualTo(
                        "POST /a?b HTTP/1.1\r\nHost: web.test\r\nAccept: */*\r\nContent-Length:"
                                + " 3\r\nVia: 1.1 sallyport\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1, 400",
        "GET https://web.test/ HTTP/1.1, 400",
        "GET ftp://web.test/ HTTP/1.1, 501",
        "GET http://user@web.test/ HTTP/1.1, 400",
        "GET http://web.test:99999/ HTTP/1.1, 400",
        "GET http:///x HTTP/1.1, 400",
        "CONNECT web.test HTTP/1.1, 400",
        "CONNECT web.test:0 HTTP/1.1, 400",
        "GET  http://web.test/ HTTP/1.1, 400",
        "GET http://web.test/ HTTP/2.0, 505",
        "GET http://web.test/ HTTP/1.1|A : b, 400",
        "GET http://web.test/ HTTP/1.1| folded, 400",
        "GET http://web.test/ HTTP/1.1|A: b\u0001d, 400",
        "POST http://web.test/ HTTP/1.1|Content-Length: 1|Content-Length: 2, 400",
        "POST http://web.test/ HTTP/1.1|Content-Length: +1, 400",
        "POST http://web.test/ HTTP/1.1|Content-Length: 1|Transfer-Encoding: chunked, 400",
        "POST http://web.test/ HTTP/1.1|Transfer-Encoding: gzip, 501"
    })
    void a_request_that_two_could_read_as_two_things_is_refused(String head, int status) {
        Step step = new HttpHandshake(false).read(text(head.replace("|", "\r\n") + "\r\n\r\n"));

        assertThat(step)
                .isInstanceOfSatisfying(
                        Refuse.class,
                        no ->
                                assertThat(no.reply().toString(ISO_8859_1))
                                        .startsWith("HTTP/1.1 " + status + " "));
    }

    @Test
    void a_password_goes_with_the_request() {
        var head = "CONNECT a.test:1 HTTP/1.1\r\n%s\r\n";

        assertThat(new HttpHandshake(true).read(text(head.formatted(""))))
                .isInstanceOfSatisfying(
                        Refuse.class,
                        no ->
                                assertThat(no.reply().toString(ISO_8859_1))
                                        .startsWith("HTTP/1.1 407 ")
                                        .contains("\r\nProxy-Authenticate: Basic "));
        var handshake = new HttpHandshake(true);
        assertThat(handshake.read(text(head.formatted("Proxy-Authorization: Basic bWU6MToy\r\n"))))
                .isEqualTo(new Login("me", "1:2"));
        assertAsks(handshake.loggedIn(true), false, "a.test", 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothing_that_is_said_makes_a_handshake_fail_otherwise_than_by_a_refusal(boolean http) {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] said = new byte[random.nextInt(300)];
            random.nextBytes(said);
            if (said.length > 1 && !http) {
                said[0] = (byte) (4 + random.nextInt(2));
            }
            Handshake handshake = http ? new HttpHandshake(false) : new SocksHandshake(false);
            ByteBuf in = Unpooled.wrappedBuffer(said);
            Step step = handshake.read(in);
            if (step instanceof Say) {
                step = handshake.read(in);
            }
            assertThat(step).isNotNull();
        }
    }
}
