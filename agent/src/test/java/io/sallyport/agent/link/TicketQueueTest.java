package io.sallyport.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sallyport.protocol.ChannelKind;
import io.sallyport.protocol.Ticket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TicketQueueTest {
    private final TicketQueue queue = new TicketQueue();
    private final Ticket first = Ticket.random();
    private final Ticket second = Ticket.random();

    @Test
    void the_oldest_ticket_is_dialed_first() {
        queue.add(ChannelKind.ENCRYPTED, first, 0);
        queue.add(ChannelKind.PLAIN, second, 1);

        assertThat(queue.poll()).isEqualTo(new TicketQueue.Entry(ChannelKind.ENCRYPTED, first, 0));
        assertThat(queue.poll()).isEqualTo(new TicketQueue.Entry(ChannelKind.PLAIN, second, 1));
        assertThat(queue.poll()).isNull();
    }

    @Test
    void tickets_that_waited_too_long_are_given_back_by_kind() {
        queue.add(ChannelKind.ENCRYPTED, first, 0);
        queue.add(ChannelKind.PLAIN, second, 1);

        assertThat(queue.expire(TicketQueue.PATIENCE.toNanos()))
                .isEqualTo(Map.of(ChannelKind.ENCRYPTED, List.of(first)));
        assertThat(queue.size()).isEqualTo(1);
    }
}
