package io.sallyport.agent.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.agent.peer.FakeSession;
import io.sallyport.agent.peer.RecordedLog;
import io.sallyport.protocol.EndReason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TransferLogTest {
    private final RecordedLog recorded = new RecordedLog();
    private final TransferLog log = new TransferLog(FakeSession.opening("ftp"), false);

    @AfterEach
    void close() {
        recorded.close();
    }

    @Test
    void a_data_connection_may_end_before_the_reply_and_behind_it() {
        transfer(1, "RETR");
        log.dataEnded(1, EndReason.COMPLETED, 0, 7);
        log.ended(1, "RETR", 226);
        transfer(2, "STOR");
        log.ended(2, "STOR", 226);
        log.dataEnded(2, EndReason.COMPLETED, 9, 0);

        assertThat(lines()).containsExactly("RETR 7 completed", "STOR 9 completed");
    }

    @Test
    void a_data_connection_may_end_when_the_next_transfer_has_begun_and_even_after_that() {
        transfer(1, "RETR");
        log.ended(1, "RETR", 226);
        transfer(2, "RETR");
        log.dataEnded(2, EndReason.COMPLETED, 0, 20);
        log.ended(2, "RETR", 226);
        log.dataEnded(1, EndReason.COMPLETED, 0, 10);

        assertThat(lines()).containsExactly("RETR 20 completed", "RETR 10 completed");
    }

    @Test
    void a_transfer_is_whole_only_if_the_origin_says_so_and_every_byte_arrived() {
        transfer(1, "RETR");
        log.ended(1, "RETR", 226);
        log.dataEnded(1, EndReason.PARTNER_RESET, 0, 10);
        transfer(2, "STOR");
        log.dataEnded(2, EndReason.COMPLETED, 10, 0);
        log.ended(2, "STOR", 451);
        log.ended(3, "RETR", 550);

        assertThat(lines()).containsExactly("RETR 10 failed", "STOR 10 failed", "RETR 0 failed");
    }

    @Test
    void when_the_session_ends_transfers_that_still_run_are_written_at_their_end() {
        transfer(1, "RETR");
        log.ended(1, "RETR", 226);
        log.began(2, "RETR");
        log.sessionEnded();
        assertThat(lines()).containsExactly("RETR 0 failed");

        log.dataEnded(1, EndReason.COMPLETED, 0, 10);
        assertThat(lines()).containsExactly("RETR 0 failed", "RETR 10 completed");
    }

    @Test
    void data_connections_that_nobody_used_are_not_called_transfers() {
        for (int number = 1; number < 100; number++) {
            log.dataBegan(number);
        }
        log.dataEnded(99, EndReason.COMPLETED, 0, 0);
        log.sessionEnded();

        assertThat(lines()).isEmpty();
    }

    private void transfer(long connection, String verb) {
        log.dataBegan(connection);
        log.began(connection, verb);
    }

    private List<String> lines() {
        return recorded.lines("transfer ended")
                .map(line ->
                        String.join(
                                " ",
                                line.field("command"),
                                line.field("bytes"),
                                line.field("outcome")))
                .toList();
    }
}
