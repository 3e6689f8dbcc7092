package io.sallyport.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.SealedOpen;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OpeningKeyTest {
    private static final Open OPEN = new Open(Samples.OPENING, Samples.NEXT);

    private final OpeningKey key = OpeningKey.random();
    private final Ticket ticket = Ticket.random();

    /** The bytes are those of another implementation (OpenSSL's). */
    @Test
    void seals_with_aes_gcm_and_the_ticket_as_nonce_and_as_what_is_authenticated_beside() {
        assertThat(Samples.KEY.seal(OPEN, Samples.TICKET).sealed())
                .isEqualTo(Samples.bytes(Samples.SEALED_OPENING));
    }

    @Test
    void what_was_sealed_opens_with_the_same_key_for_the_same_ticket() throws ProtocolException {
        assertThat(key.open(key.seal(OPEN, ticket), ticket)).isEqualTo(OPEN);
    }

    @Test
    void shows_neither_the_service_nor_the_next_ticket() {
        String sealed = ByteBufUtil.hexDump(key.seal(OPEN, ticket).sealed());

        assertThat(sealed)
                .doesNotContain(ByteBufUtil.hexDump("files".getBytes(UTF_8)))
                .doesNotContain("0000000000000001");
    }

    @Test
    void what_was_sealed_for_another_channel_or_with_another_key_does_not_open() {
        SealedOpen sealed = key.seal(OPEN, ticket);

        assertNotOpened(key, sealed, new Ticket(ticket.high(), ticket.low() ^ 1));
        assertNotOpened(key, sealed, new Ticket(ticket.high() ^ 1, ticket.low()));
        assertNotOpened(OpeningKey.random(), sealed, ticket);
    }

    @Test
    void what_was_changed_or_cut_anywhere_does_not_open() {
        ByteBuf sealed = key.seal(OPEN, ticket).sealed();

        for (int at = 0; at < sealed.readableBytes(); at++) {
            ByteBuf changed = sealed.copy();
            changed.setByte(at, changed.getByte(at) ^ 1);
            assertNotOpened(key, new SealedOpen(changed), ticket);
            assertNotOpened(key, new SealedOpen(sealed.copy(0, at)), ticket);
        }
        assertNotOpened(key, new SealedOpen(Unpooled.copiedBuffer(sealed, sealed)), ticket);
    }

    @Test
    void is_never_shown_and_never_issued_twice() {
        assertThat(key).hasToString("OpeningKey[hidden]");
        assertThat(Stream.generate(OpeningKey::random).limit(1000)).doesNotHaveDuplicates();
    }

    private static void assertNotOpened(OpeningKey key, SealedOpen sealed, Ticket ticket) {
        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> key.open(sealed, ticket))
                .withMessage("SEALEDOPEN was not sealed for this channel");
    }
}
