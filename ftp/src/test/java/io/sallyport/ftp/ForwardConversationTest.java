package io.sallyport.ftp;

import static io.sallyport.ftp.Scene.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.ftp.Settings.ClientTls;
import io.sallyport.ftp.Settings.ServerMode;
import io.sallyport.ftp.Settings.ServerTls;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Conversations of clients inside with servers outside, whose modes are chosen apart. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ForwardConversationTest {
    private static Scene scene(ServerMode mode, ServerTls tls, Arrival arrival) {
        return new Scene(
                new Settings(
                        ClientTls.NONE,
                        tls,
                        Scene.CLIENT,
                        true,
                        Scene.SERVER,
                        mode,
                        false,
                        arrival));
    }

    private static Scene greeted(ServerMode mode) {
        Scene scene = scene(mode, ServerTls.NONE, Arrival.GREETED);
        scene.server("220 ready\r\n");
        scene.clientHeard();
        return scene;
    }

    @Test
    void a_client_in_active_mode_reaches_a_server_in_passive_mode() {
        Scene scene = greeted(ServerMode.PASSIVE);
        scene.client("PORT 192,0,2,7,195,80\r\nRETR x\r\n");
        assertThat(scene.serverHeard()).isEqualTo("PASV\r\nRETR x\r\n");
        scene.server("227 Entering Passive Mode (10,0,0,5,195,81).\r\n");
        assertThat(scene.decided).containsExactly("data 192.0.2.7:50000 to 10.0.0.5:50001");
        assertThat(scene.clientHeard()).isEmpty();

        scene.conversation.dataReady(Meeting.NONE);

        assertThat(scene.clientHeard()).startsWith("200 ");
    }

    @Test
    void a_client_in_passive_mode_reaches_a_server_in_active_mode() {
        Scene scene = greeted(ServerMode.ACTIVE);
        scene.client("EPSV\r\nRETR x\r\n");
        assertThat(scene.decided).containsExactly("data comes to comes");
        assertThat(scene.serverHeard()).isEmpty();

        scene.conversation.dataReady(
                new Meeting(endpoint("127.0.0.1", 40_000), endpoint("203.0.113.7", 50_001)));
        assertThat(scene.serverHeard()).isEqualTo("PORT 203,0,113,7,195,81\r\nRETR x\r\n");
        assertThat(scene.clientHeard()).isEmpty();
        scene.server("200-PORT\r\n200 ok\r\n");

        assertThat(scene.clientHeard())
                .isEqualTo("229 Entering Extended Passive Mode (|||40000|)\r\n");
    }

    @Test
    void a_server_that_refuses_active_mode_is_quoted() {
        Scene scene = greeted(ServerMode.ACTIVE);
        scene.client("PASV\r\n");
        scene.conversation.dataReady(
                new Meeting(endpoint("127.0.0.1", 40_000), endpoint("203.0.113.7", 50_001)));
        scene.server("500 Illegal PORT command.\r\n");

        assertThat(scene.clientHeard()).isEqualTo("500 Illegal PORT command.\r\n");
    }

    @Test
    void what_the_gateway_refuses_is_told_whoever_waits_for_it() {
        for (ServerMode mode : ServerMode.values()) {
            Scene scene = greeted(mode);
            scene.client("EPRT |1|192.0.2.7|50000|\r\n");
            scene.server("227 (10,0,0,5,195,81)\r\n".repeat(mode == ServerMode.PASSIVE ? 1 : 0));

            scene.conversation.dataRefused("the gateway's policy does not allow it");

            assertThat(scene.clientHeard())
                    .isEqualTo("425 the gateway's policy does not allow it\r\n");
        }
    }

    @Test
    void data_never_goes_to_another_host_than_the_server() {
        Scene scene = greeted(ServerMode.PASSIVE);
        scene.client("PASV\r\n");
        scene.server("227 (198,51,100,9,195,81)\r\n");

        assertThat(scene.decided).containsExactly("data comes to 10.0.0.5:50001");
    }

    @Test
    void a_user_who_came_before_the_server_was_known_sees_no_greeting() {
        Scene scene = scene(ServerMode.PASSIVE, ServerTls.NONE, Arrival.as("name"));
        scene.client("PASS secret\r\n");
        assertThat(scene.serverHeard()).isEmpty();
        scene.server("220-welcome\r\n220 ready\r\n");
        assertThat(scene.serverHeard()).isEqualTo("USER name\r\n");
        scene.server("331 password\r\n");
        assertThat(scene.serverHeard()).isEqualTo("PASS secret\r\n");
        scene.server("230 in\r\n");

        assertThat(scene.clientHeard()).isEqualTo("331 password\r\n230 in\r\n");
        assertThat(scene.decided).containsExactly("user name");
    }

    @Test
    void a_password_that_came_with_the_user_is_said_for_the_client() {
        Scene scene = scene(ServerMode.PASSIVE, ServerTls.NONE, Arrival.as("name").with("secret"));
        scene.client("SYST\r\n");
        scene.server("220 ready\r\n331 password\r\n");
        assertThat(scene.serverHeard()).isEqualTo("USER name\r\nPASS secret\r\nSYST\r\n");
        scene.server("230 in\r\n");

        assertThat(scene.clientHeard()).isEqualTo("230 in\r\n");
    }

    @Test
    void a_server_that_takes_nobody_says_so_itself() {
        Scene scene = scene(ServerMode.PASSIVE, ServerTls.EXPLICIT, Arrival.as("name"));
        scene.server("421 Too many users.\r\n");

        assertThat(scene.clientHeard()).isEqualTo("421 Too many users.\r\n");
    }

    @Test
    void the_login_goes_through_tls_only() {
        Scene scene = scene(ServerMode.PASSIVE, ServerTls.EXPLICIT, Arrival.as("name"));
        scene.client("PASS secret\r\n");
        scene.server("220 ready\r\n234 go\r\n");
        assertThat(scene.serverHeard()).isEqualTo("AUTH TLS\r\n");
        scene.conversation.serverSecured();
        scene.server("200 ok\r\n200 ok\r\n");

        assertThat(scene.serverHeard()).isEqualTo("PBSZ 0\r\nPROT P\r\nUSER name\r\n");
        assertThat(scene.clientHeard()).isEmpty();
        scene.server("331 password\r\n");
        assertThat(scene.serverHeard()).isEqualTo("PASS secret\r\n");
    }

    @Test
    void a_server_without_tls_where_tls_is_configured_gets_no_password() {
        Scene scene = scene(ServerMode.PASSIVE, ServerTls.EXPLICIT, Arrival.as("name"));
        scene.client("PASS secret\r\n");
        scene.server("220 ready\r\n502 no TLS\r\n");

        assertThat(scene.serverHeard()).isEqualTo("AUTH TLS\r\n");
        assertThat(scene.decided).hasSize(1).first().asString().startsWith("failed: ");
    }

    @Test
    void a_client_whose_server_never_comes_hears_why_in_one_line() {
        Scene scene = scene(ServerMode.PASSIVE, ServerTls.EXPLICIT, Arrival.as("name"));
        scene.server("220 ready\r\n");

        assertThat(scene.conversation.turnAway("it said 421\r\n230 in")).isTrue();

        assertThat(scene.clientHeard()).isEqualTo("421 it said 421  230 in\r\n");
    }

    @Test
    void a_client_that_knows_its_server_is_told_nothing_by_us() {
        Scene scene = greeted(ServerMode.PASSIVE);

        assertThat(scene.conversation.turnAway("lost")).isFalse();

        assertThat(scene.clientHeard()).isEmpty();
    }
}
