package io.sallyport.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a client hears of the end of its transfer, and what. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TransferEndTest {
    /** A transfer has begun for a client that waits for the data connection. */
    private static Scene activeTransfer() {
        Scene scene = Scene.plain();
        scene.client("PORT 192,0,2,7,195,80\r\n");
        scene.serverMeets("10.0.0.9", 40_000);
        scene.client("RETR x\r\n");
        scene.server("200 ok\r\n150 here it comes\r\n");
        assertThat(scene.clientHeard()).isEqualTo("200 ok\r\n150 here it comes\r\n");
        return scene;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"226 done\r\n", "250 done\r\n", "226-done\r\n in no time\r\n226 really\r\n"})
    void a_client_that_waits_hears_of_the_end_when_its_data_connection_is_there(String reply) {
        Scene scene = activeTransfer();

        scene.server(reply);
        scene.client("NOOP\r\n");
        assertThat(scene.clientHeard()).isEmpty();
        assertThat(scene.conversation.holdsFromServer()).isTrue();
        assertThat(scene.conversation.holdsFromClient()).isTrue();

        scene.conversation.dataThere(1);
        assertThat(scene.clientHeard()).isEqualTo(reply);
        assertThat(scene.conversation.holdsFromServer()).isFalse();
        assertThat(scene.decided).last().asString().startsWith("ended RETR 2").endsWith(" on 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"226 done\r\n", "226-done\r\n in no time\r\n226 really\r\n"})
    void a_transfer_is_not_complete_whose_data_connection_never_comes(String reply) {
        Scene scene = activeTransfer();

        scene.server(reply);
        scene.conversation.dataLost(1);
        assertThat(scene.clientHeard())
                .isEqualTo(
                        "426 No data connection could be made to your port: open it, or use"
                                + " passive mode.\r\n");

        scene.client("NOOP\r\n");
        scene.server("200 ok\r\n");
        assertThat(scene.clientHeard()).isEqualTo("200 ok\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"425 no connection\r\n", "426-broken\r\n off\r\n426 really\r\n"})
    void a_transfer_that_the_server_calls_failed_is_told_of_at_once(String reply) {
        Scene scene = activeTransfer();

        scene.server(reply);
        assertThat(scene.clientHeard()).isEqualTo(reply);
    }

    @Test
    void what_becomes_of_one_data_connection_says_nothing_of_another() {
        Scene scene = activeTransfer();
        scene.conversation.dataThere(1);
        scene.client("PORT 192,0,2,7,195,81\r\n");
        scene.serverMeets("10.0.0.9", 40_001);
        scene.client("RETR y\r\n");

        scene.server("226 done\r\n200 ok\r\n150 here it comes\r\n226 done\r\n");
        assertThat(scene.clientHeard()).isEqualTo("226 done\r\n200 ok\r\n150 here it comes\r\n");
        scene.conversation.dataLost(1);
        assertThat(scene.clientHeard()).isEmpty();

        scene.conversation.dataThere(2);
        assertThat(scene.clientHeard()).isEqualTo("226 done\r\n");
        assertThat(scene.decided)
                .filteredOn(decided -> decided.contains(" on "))
                .containsExactly(
                        "began RETR on 1",
                        "ended RETR 226 on 1",
                        "began RETR on 2",
                        "ended RETR 226 on 2");
    }

    @Test
    void a_client_that_comes_hears_of_the_end_at_once() {
        Scene scene = Scene.plain();
        scene.client("PASV\r\n");
        scene.server("227 (10,0,0,5,195,80)\r\n");
        scene.clientMeets("198.51.100.1", 30_000);
        scene.client("RETR x\r\n");
        scene.clientHeard();

        scene.server("150 here it comes\r\n226 done\r\n");
        assertThat(scene.clientHeard()).isEqualTo("150 here it comes\r\n226 done\r\n");
    }
}
