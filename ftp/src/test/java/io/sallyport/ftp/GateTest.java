package io.sallyport.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.ftp.Gate.Connect;
import io.sallyport.ftp.Gate.Leave;
import io.sallyport.ftp.Gate.Login;
import io.sallyport.ftp.Gate.More;
import io.sallyport.ftp.Gate.Say;
import io.sallyport.ftp.Gate.Step;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms are those that lftp, ncftp and curl were seen to send. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GateTest {
    private static final int MUTATED_SAYINGS = 200_000;

    /** Says it byte by byte; everybody who logs in is known. */
    private static Step slowly(Gate gate, String all, StringBuilder heard) {
        ByteBuf arrived = Unpooled.buffer();
        Step step = goOn(gate, arrived, gate.read(arrived), heard);
        for (byte one : all.getBytes(ISO_8859_1)) {
            arrived.writeByte(one);
            if (step instanceof More) {
                step = goOn(gate, arrived, gate.read(arrived), heard);
            }
        }
        return step;
    }

    private static Step goOn(Gate gate, ByteBuf arrived, Step first, StringBuilder heard) {
        Step step = first;
        while (step instanceof Say || step instanceof Login) {
            if (step instanceof Say(var line)) {
                heard.append(line);
                step = gate.read(arrived);
            } else {
                step = gate.loggedIn(true);
            }
        }
        return step;
    }

    private static Step said(boolean hasUsers, String lines) {
        return slowly(new Gate(hasUsers, 21), lines, new StringBuilder());
    }

    @ParameterizedTest
    @CsvSource({
        "USER name@ftp.partner.example, ftp.partner.example, 21, name",
        "USER name@ftp.partner.example:2100, ftp.partner.example, 2100, name",
        "user na@me@ftp.partner.example, ftp.partner.example, 21, na@me",
        "USER name@192.0.2.7:21, 192.0.2.7, 21, name",
        "USER name@[2001:db8::7]:2100, 2001:db8::7, 2100, name",
        "USER name@[2001:db8::7], 2001:db8::7, 21, name",
        "SITE ftp.partner.example, ftp.partner.example, 21,",
        "OPEN ftp.partner.example:2100, ftp.partner.example, 2100,"
    })
    void a_client_names_its_server(String line, String host, int port, String user) {
        assertThat(said(false, line + "\r\n"))
                .isEqualTo(new Connect(host, port, new Arrival(user, null)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USER me\r\nPASS secret\r\nUSER name@ftp.partner.example:2100\r\n",
                "USER me\r\nPASS secret\r\nOPEN ftp.partner.example:2100\r\n",
                "USER me\r\nPASS secret\r\nSITE ftp.partner.example:2100\r\n",
                "USER name@me@ftp.partner.example:2100\r\nPASS hers@secret\r\n"
            })
    void where_the_entry_has_users_they_come_first_or_joined(String lines) {
        assertThat(said(true, lines))
                .isInstanceOfSatisfying(
                        Connect.class,
                        connect -> {
                            assertThat(connect.host()).isEqualTo("ftp.partner.example");
                            assertThat(connect.port()).isEqualTo(2100);
                        });
    }

    @Test
    void joined_passwords_are_told_apart_at_the_last_at() {
        var gate = new Gate(true, 21);
        ByteBuf in = text("USER na@me@me@ftp.partner.example\r\nPASS a@b@secret\r\n");
        gate.read(in);
        gate.read(in);

        assertThat(gate.read(in)).isEqualTo(new Login("me", "secret"));
        assertThat(gate.loggedIn(true))
                .isEqualTo(new Connect("ftp.partner.example", 21, new Arrival("na@me", "a@b")));
    }

    @Test
    void nobody_gets_past_users_without_logging_in() {
        var heard = new StringBuilder();
        Step step =
                slowly(
                        new Gate(true, 21),
                        "SITE ftp.partner.example\r\nOPEN ftp.partner.example\r\nPASS x\r\n",
                        heard);

        assertThat(step).isInstanceOf(More.class);
        assertThat(heard.toString().lines().skip(1))
                .allSatisfy(line -> assertThat(line).matches("(530|503) .*"))
                .hasSize(3);
    }

    @Test
    void three_wrong_passwords_are_enough() {
        var gate = new Gate(true, 21);
        ByteBuf in = text("USER me\r\nPASS 1\r\nUSER me\r\nPASS 2\r\nUSER me\r\nPASS 3\r\n");
        gate.read(in);
        Step last = new More();
        for (int attempt = 0; attempt < 3; attempt++) {
            gate.read(in);
            assertThat(gate.read(in)).isInstanceOf(Login.class);
            last = gate.loggedIn(false);
        }

        assertThat(last).isInstanceOf(Leave.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "USER name@",
                "USER name@ho st",
                "USER name@host:0",
                "USER name@host:65536",
                "USER name@host:21x",
                "USER name@[::1",
                "USER name@[::1]x",
                "USER name@[fe80::1%eth0]",
                "USER name@2001:db8::7",
                "USER name@host\0",
                "USER name@host\nUSER root@inner",
                "SITE",
                "OPEN @",
                "SITE host 21",
                "USER name",
                "USER @host",
                "RETR x",
                " USER name@host",
                "PASV"
            })
    void what_names_no_server_is_refused_and_connects_nowhere(String line) {
        var heard = new StringBuilder();

        assertThat(slowly(new Gate(false, 21), line + "\r\n", heard)).isInstanceOf(More.class);
        assertThat(heard.toString().lines().skip(1))
                .hasSize(1)
                .allSatisfy(answer -> assertThat(answer).matches("5\\d\\d .*"));
    }

    @Test
    void what_clients_ask_beforehand_has_an_answer() {
        var heard = new StringBuilder();
        Step end =
                slowly(
                        new Gate(false, 21),
                        "NOOP\r\nSYST\r\nFEAT\r\nAUTH TLS\r\nHELP\r\nQUIT\r\n",
                        heard);

        assertThat(heard.toString().lines().map(line -> line.substring(0, 3)))
                .containsExactly("220", "200", "215", "530", "534", "214");
        assertThat(end)
                .isInstanceOfSatisfying(
                        Leave.class, leave -> assertThat(leave.line()).startsWith("221 "));
    }

    @Test
    void what_follows_the_server_s_name_is_left_for_the_server() {
        var gate = new Gate(false, 21);
        ByteBuf in = text("USER name@host\r\nPASS secret\r\n");
        gate.read(in);

        assertThat(gate.read(in)).isInstanceOf(Connect.class);
        assertThat(in.toString(ISO_8859_1)).isEqualTo("PASS secret\r\n");
    }

    @Test
    void no_password_is_shown_by_what_is_logged() {
        var login = new Login("me", "secret");
        var connect = new Connect("host", 21, new Arrival("name", "secret"));

        assertThat(login + " " + connect).doesNotContain("secret");
    }

    @Test
    void mutated_sayings_harm_nothing() {
        var random = new Random(1579);
        for (int i = 0; i < MUTATED_SAYINGS; i++) {
            var line = new StringBuilder("USER na@me@[2001:db8::7]:2100\r\nPASS a@b\r\n");
            for (int mutation = random.nextInt(4); mutation > 0; mutation--) {
                line.setCharAt(random.nextInt(line.length()), (char) random.nextInt(256));
            }
            var gate = new Gate(random.nextBoolean(), 21);
            ByteBuf in = text(line.toString());
            Step step = goOn(gate, in, gate.read(in), new StringBuilder());
            if (step instanceof Connect(var host, var port, _)) {
                assertThat(host).matches("[A-Za-z0-9:._-]+");
                assertThat(port).isBetween(1, 65_535);
            }
        }
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, ISO_8859_1);
    }

    @Test
    void a_server_without_a_port_is_asked_for_at_the_usual_one() {
        Step step = slowly(new Gate(false, 990), "USER name@host\r\n", new StringBuilder());

        assertThat(step).isEqualTo(new Connect("host", 990, Arrival.as("name")));
    }

    @Test
    void who_never_names_a_server_is_sent_away() {
        var heard = new StringBuilder();
        Step step = slowly(new Gate(false, 21), "NOOP\r\n".repeat(Gate.BYTES_MAX / 6 + 1), heard);

        assertThat(step).isInstanceOf(Leave.class);
        assertThat(heard.length()).isLessThan(10 * Gate.BYTES_MAX);
    }
}
