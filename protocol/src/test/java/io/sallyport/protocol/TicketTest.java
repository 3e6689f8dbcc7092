package io.sallyport.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TicketTest {
    @Test
    void is_never_shown() {
        assertThat(Ticket.random()).hasToString("Ticket[hidden]");
        assertThat(new Ticket(0, 1)).hasToString("Ticket[hidden]");
    }

    @Test
    void is_never_issued_twice() {
        assertThat(Stream.generate(Ticket::random).limit(1000)).doesNotHaveDuplicates();
    }

    @Test
    void a_session_is_shown_as_sixteen_digits() {
        assertThat(new SessionId(0x2aL)).hasToString("000000000000002a");
    }
}
