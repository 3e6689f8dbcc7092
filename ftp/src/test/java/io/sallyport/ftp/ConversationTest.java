package io.sallyport.ftp;

import static io.sallyport.ftp.Scene.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.ftp.Settings.ClientTls;
import io.sallyport.ftp.Settings.ServerTls;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ConversationTest {
    private static final int MUTATED_LINES = 10_000_000;
    private static final int LINES_PER_SCENE = 1_000;

    @Test
    void what_it_does_not_know_goes_through_as_it_came() {
        Scene scene = Scene.plain();

        scene.client("XFOO  a\tb\u00e9 \r\n");
        scene.server("299-one\r\n299 not yet\u00e9\r\n");

        assertThat(scene.serverHeard()).isEqualTo("XFOO  a\tb\u00e9 \r\n");
        assertThat(scene.clientHeard()).isEqualTo("299-one\r\n299 not yet\u00e9\r\n");
    }

    @Test
    void lines_may_be_cut_at_any_byte() {
        String dialogue = "PASV\r\n";
        String reply = "227 Entering Passive Mode (10,0,0,5,195,80).\r\n";
        for (int cut = 0; cut <= reply.length(); cut++) {
            Scene scene = Scene.plain();
            int where = Math.min(cut, dialogue.length());
            scene.client(dialogue.substring(0, where));
            scene.client(dialogue.substring(where));
            scene.server(reply.substring(0, cut));
            scene.server(reply.substring(cut));

            assertThat(scene.decided).containsExactly("data comes to 10.0.0.5:50000");
        }
    }

    @Test
    void a_passive_reply_names_the_gateway_s_port_and_the_server_s_words_wait_for_it() {
        Scene scene = Scene.plain();
        scene.client("PASV\r\nLIST\r\n");
        scene.server("227 Entering Passive Mode (10,0,0,5,195,80).\r\n150 here it comes\r\n");
        assertThat(scene.clientHeard()).isEmpty();

        scene.clientMeets("203.0.113.7", 50_001);

        assertThat(scene.clientHeard())
                .isEqualTo(
                        "227 Entering Passive Mode (203,0,113,7,195,81).\r\n150 here it comes\r\n");
        assertThat(scene.decided)
                .containsExactly("data comes to 10.0.0.5:50000", "began LIST on 1");
    }

    @Test
    void either_family_may_be_outside_and_inside() {
        var scene = new Scene(Scene.settings(ClientTls.NONE, ServerTls.NONE, false, false));
        scene.server("220 ready\r\n");
        scene.client("EPSV 2\r\n");
        assertThat(scene.serverHeard()).isEqualTo("EPSV\r\n");
        scene.server("229 Extended Passive Mode (|||50000|)\r\n");
        scene.clientHeard();
        scene.clientMeets("2001:db8::1", 50_001);
        assertThat(scene.clientHeard())
                .isEqualTo("229 Entering Extended Passive Mode (|||50001|)\r\n");

        Scene translated = Scene.plain();
        translated.client("EPSV\r\n");
        assertThat(translated.serverHeard()).isEqualTo("PASV\r\n");
    }

    @Test
    void without_a_port_the_client_is_told_why() {
        Scene scene = Scene.plain();
        scene.client("EPSV\r\n");
        scene.server("227 (10,0,0,5,195,80)\r\n");

        scene.conversation.dataRefused("all passive ports are in use");

        assertThat(scene.clientHeard()).isEqualTo("425 all passive ports are in use\r\n");
    }

    @Test
    void epsv_all_refuses_every_other_way() {
        Scene scene = Scene.plain();
        scene.client("EPSV ALL\r\nPASV\r\nPORT 192,0,2,7,195,80\r\nEPRT |1|192.0.2.7|50000|\r\n");

        assertThat(scene.clientHeard()).startsWith("200 ").contains("503 ", "503 ", "503 ");
        assertThat(scene.serverHeard()).isEmpty();
    }

    @Test
    void an_active_command_leads_the_server_to_the_agent() {
        Scene scene = Scene.plain();
        scene.client("EPRT |1|192.0.2.7|50000|\r\nRETR x\r\n");
        assertThat(scene.decided).containsExactly("data 192.0.2.7:50000 to comes");
        assertThat(scene.serverHeard()).isEmpty();

        scene.serverMeets("10.0.0.9", 40_000);

        assertThat(scene.serverHeard()).isEqualTo("PORT 10,0,0,9,156,64\r\nRETR x\r\n");
    }

    @Test
    void the_server_can_not_be_made_to_attack_others() {
        for (String bounce :
                new String[] {
                    "PORT 192,0,2,8,195,80",
                    "PORT 192,0,2,7,0,25",
                    "EPRT |1|10.0.0.1|50000|",
                    "EPRT |2|::1|50000|"
                }) {
            Scene scene = Scene.plain();
            scene.client(bounce + "\r\n");

            assertThat(scene.clientHeard()).startsWith("500 ");
            assertThat(scene.serverHeard()).isEmpty();
        }
    }

    @Test
    void a_line_feed_may_be_part_of_a_name_but_hides_no_command() {
        Scene scene = Scene.plain();
        scene.client("STOR a\nb\r\n");
        assertThat(scene.serverHeard()).isEqualTo("STOR a\nb\r\n");

        scene.client("NOOP\nPORT 10,0,0,1,0,25\r\nSTOR a\nPORT 10,0,0,1,0,25\r\n");
        assertThat(scene.serverHeard()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " PORT 10,0,0,1,0,25",
                "PORT\t10,0,0,1,0,25",
                "\tPASV",
                "\0PASV",
                "P@SW"
            })
    void a_line_that_servers_read_differently_is_no_command(String line) {
        Scene scene = Scene.plain();
        scene.client(line + "\r\n");

        assertThat(scene.clientHeard()).startsWith("500 ");
        assertThat(scene.serverHeard()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CWD a\nPORT\t10,0,0,1,0,25",
                "CWD a\r\0PORT 10,0,0,1,0,25",
                "CWD a\n \u00ffPORT 10,0,0,1,0,25",
                "CWD \n\nUSER root"
            })
    void no_name_hides_a_command_from_us(String line) {
        Scene scene = Scene.plain();
        scene.client(line + "\r\n");

        assertThat(scene.clientHeard()).startsWith("501 ");
        assertThat(scene.serverHeard()).isEmpty();
    }

    @Test
    void what_is_answered_during_a_transfer_does_not_end_it() {
        Scene scene = Scene.plain();
        scene.client("RETR big\r\n");
        scene.server("150 go\r\n");
        scene.client("NOOP\r\nSTAT\r\nNOOP\r\n");
        scene.server("200 ok\r\n211-status\r\n211 end\r\n500 not now\r\n");
        assertThat(scene.decided).containsExactly("began RETR");

        scene.server("226 done\r\n");
        assertThat(scene.decided).containsExactly("began RETR", "ended RETR 226");
    }

    @Test
    void commands_in_plain_behind_auth_are_never_taken_also_if_auth_had_to_wait() {
        Scene scene = Scene.greeted(ClientTls.OFFERED);
        scene.client("NOOP\r\nAUTH TLS\r\n");
        scene.client("USER mallory\r\n");
        scene.serverHeard();
        scene.server("200 ok\r\n");

        scene.conversation.clientSecured();
        assertThat(scene.serverHeard()).isEmpty();
        assertThat(scene.decided).hasSize(1).first().asString().startsWith("failed: ");
    }

    @Test
    void the_server_s_own_tls_is_not_shown_where_it_can_not_be_had() {
        Scene scene = Scene.plain();
        scene.client("FEAT\r\n");
        scene.server("211-Features:\r\n AUTH TLS\r\n MDTM\r\n PROT\r\n211 End\r\n");

        assertThat(scene.clientHeard()).isEqualTo("211-Features:\r\n MDTM\r\n211 End\r\n");
    }

    @Test
    void a_user_is_known_when_the_server_has_let_it_in() {
        Scene scene = Scene.plain();
        scene.client("USER mallory\r\nPASS guess\r\nUSER a\r\nPASS secret\r\n");
        scene.server("331 password\r\n530 no\r\n331 password\r\n");
        assertThat(scene.decided).isEmpty();

        scene.server("230 in\r\n");
        assertThat(scene.decided).containsExactly("user a");
    }

    @Test
    void blanks_in_a_passive_reply_do_no_harm() {
        Scene scene = Scene.plain();
        scene.client("PASV\r\n");
        scene.server("227 Entering Passive Mode (10, 0, 0, 5, 195, 80)\r\n");

        assertThat(scene.decided).containsExactly("data comes to 10.0.0.5:50000");
    }

    @Test
    void no_passive_reply_reaches_a_client_who_did_not_ask() {
        Scene scene = Scene.plain();
        scene.client("FEAT\r\n");
        scene.server("227 Entering Passive Mode (10,0,0,5,195,80)\r\n");

        assertThat(scene.clientHeard()).isEmpty();
        assertThat(scene.decided).hasSize(1).first().asString().startsWith("failed: ");
    }

    @Test
    void tls_inherits_no_login() {
        Scene scene = Scene.greeted(ClientTls.OFFERED);
        scene.client("USER mallory\r\n");
        scene.server("230 in\r\n");
        scene.clientHeard();

        scene.client("AUTH TLS\r\n");
        assertThat(scene.clientHeard()).startsWith("503 ");
    }

    @Test
    void telnet_s_commands_before_abor_do_not_hide_it() {
        Scene scene = Scene.plain();
        scene.client("\u00ff\u00f4\u00f2ABOR\r\n");
        assertThat(scene.serverHeard()).isEqualTo("ABOR\r\n");
    }

    @Test
    void a_refused_transfer_is_told() {
        Scene scene = Scene.plain();
        scene.client("RETR none\r\n");
        scene.server("550 No such file.\r\n");
        assertThat(scene.decided).containsExactly("ended RETR 550");
    }

    @Test
    void an_answer_of_our_own_waits_for_its_turn() {
        Scene scene = Scene.plain();
        scene.client("NOOP\r\nAUTH TLS\r\n");
        assertThat(scene.clientHeard()).isEmpty();
        scene.server("200 ok\r\n");
        assertThat(scene.clientHeard()).isEqualTo("200 ok\r\n534 There is no TLS here.\r\n");
    }

    @Test
    void tls_begins_behind_its_answer_and_is_required_where_it_is() {
        Scene scene = Scene.greeted(ClientTls.REQUIRED);
        scene.client("USER a\r\n");
        assertThat(scene.clientHeard()).startsWith("530 ");
        scene.client("AUTH TLS\r\n");
        assertThat(scene.clientHeard()).startsWith("234 ");
        assertThat(scene.decided).containsExactly("client tls");
        scene.conversation.clientSecured();
        scene.client("PROT P\r\nPBSZ 0\r\nPROT P\r\nCCC\r\nUSER a\r\n");
        assertThat(scene.clientHeard()).startsWith("503 ").contains("200 PBSZ=0").contains("534 ");
        assertThat(scene.decided).containsExactly("client tls", "protect true");
        assertThat(scene.serverHeard()).isEqualTo("USER a\r\n");
    }

    @Test
    void commands_in_plain_behind_auth_are_never_taken() {
        Scene scene = Scene.greeted(ClientTls.OFFERED);
        scene.client("AUTH TLS\r\nUSER mallory\r\n");
        assertThat(scene.serverHeard()).isEmpty();
        assertThat(scene.decided).hasSize(1).first().asString().startsWith("failed: ");
    }

    @Test
    void features_name_our_tls_and_not_the_server_s() {
        Scene scene = Scene.greeted(ClientTls.OFFERED);
        scene.client("FEAT\r\n");
        scene.server("211-Features:\r\n MDTM\r\n AUTH GSSAPI\r\n211 End\r\n");
        assertThat(scene.clientHeard())
                .isEqualTo("211-Features:\r\n AUTH TLS\r\n PBSZ\r\n PROT\r\n MDTM\r\n211 End\r\n");
    }

    @Test
    void towards_an_server_with_tls_the_greeting_waits_until_it_is_protected() {
        var scene = new Scene(Scene.settings(ClientTls.NONE, ServerTls.EXPLICIT, true, true));
        scene.client("USER a\r\n");
        scene.server("220 ready\r\n");
        assertThat(scene.serverHeard()).isEqualTo("AUTH TLS\r\n");
        scene.server("234 go\r\n");
        assertThat(scene.decided).containsExactly("server tls");
        scene.conversation.serverSecured();
        assertThat(scene.serverHeard()).isEqualTo("PBSZ 0\r\n");
        scene.server("200 ok\r\n");
        assertThat(scene.serverHeard()).isEqualTo("PROT P\r\n");
        assertThat(scene.clientHeard()).isEmpty();
        scene.server("200 ok\r\n");
        assertThat(scene.clientHeard()).isEqualTo("220 ready\r\n");
        assertThat(scene.serverHeard()).isEqualTo("USER a\r\n");
    }

    @Test
    void a_line_without_end_is_a_fault_and_not_memory() {
        Scene scene = Scene.plain();
        scene.client("x".repeat(9_000));
        assertThat(scene.decided).hasSize(1).first().asString().contains("longer than 8192");
    }

    @Test
    void a_reply_that_nobody_asked_for_shows_no_address_of_the_inside() {
        Scene scene = Scene.plain();
        scene.server("227 (10,0,0,5,195,80)\r\n");
        assertThat(scene.clientHeard()).isEmpty();
        assertThat(scene.decided).hasSize(1).first().asString().startsWith("failed: ");
    }

    @Test
    void ten_million_mutated_lines_harm_nothing() {
        String[] sayings = {
            "USER anonymous\r\n",
            "PASV\r\n",
            "EPSV ALL\r\n",
            "PORT 192,0,2,7,195,80\r\n",
            "EPRT |2|2001:db8::7|50000|\r\n",
            "RETR a\nb\r\n",
            "AUTH TLS\r\n",
            "\u00ff\u00f4ABOR\r\n",
            "220 ready\r\n",
            "227 (10,0,0,5,195,80)\r\n",
            "229 (|||50000|)\r\n",
            "150 go\r\n",
            "226 done\r\n",
            "211-Features\r\n",
            "211 End\r\n",
            "PROT P\r\n",
            "PBSZ 0\r\n",
            "421 bye\r\n"
        };
        var random = new Random(959);
        Scene scene = anyScene(random);
        for (int line = 0; line < MUTATED_LINES; line++) {
            if (scene.failed || line % LINES_PER_SCENE == 0) {
                scene = anyScene(random);
            }
            String said = mutated(sayings[random.nextInt(sayings.length)], random);
            if (random.nextBoolean()) {
                scene.client(said);
            } else {
                scene.server(said);
            }
            answer(scene, random.nextInt(16));
            scene.clientHeard();
            scene.serverHeard();
        }
    }

    private static Scene anyScene(Random random) {
        ClientTls[] modes = ClientTls.values();
        return new Scene(
                Scene.settings(
                        modes[random.nextInt(modes.length)],
                        ServerTls.NONE,
                        random.nextBoolean(),
                        random.nextBoolean()));
    }

    private static void answer(Scene scene, int choice) {
        switch (choice) {
            case 0 ->
                    scene.conversation.dataReady(
                            new Meeting(
                                    endpoint("2001:db8::1", 50_001),
                                    endpoint("2001:db8::2", 40_000)));
            case 1 -> scene.conversation.dataRefused("none\r\nleft");
            case 2 ->
                    scene.conversation.dataReady(
                            new Meeting(
                                    endpoint("203.0.113.7", 50_001), endpoint("10.0.0.9", 40_000)));
            default -> {
                // Not yet.
            }
        }
    }

    private static String mutated(String line, Random random) {
        if (random.nextInt(4) == 0) {
            return line;
        }
        var bytes = new StringBuilder(line);
        int at = random.nextInt(bytes.length());
        switch (random.nextInt(3)) {
            case 0 -> bytes.setCharAt(at, (char) random.nextInt(256));
            case 1 -> bytes.deleteCharAt(at);
            default -> bytes.insert(at, (char) random.nextInt(256));
        }
        return bytes.toString();
    }
}
