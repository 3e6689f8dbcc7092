package io.sallyport.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sallyport.protocol.DataFrame.Open;
import io.sallyport.protocol.DataFrame.SealedOpen;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the names of sessions on plain data channels, so that nobody between gateway and agent
 * reads or forges one: AES-128 in GCM (NIST SP 800-38D), 128 random bits that the gateway chooses
 * for each control channel. What is sealed for the ticket that a channel was offered with opens on
 * no other channel, and for no other session on that one.
 */
public record OpeningKey(long high, long low) {
    /** Length on the wire, in bytes. */
    public static final int BYTES = 16;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private static final ThreadLocal<Cipher> CIPHER = ThreadLocal.withInitial(OpeningKey::cipher);

    public static OpeningKey random() {
        var bits = RandomBits.of(BYTES);
        return new OpeningKey(bits.getLong(), bits.getLong());
    }

    /**
     * @param ticket with which the channel was offered. It is the nonce, too: one key seals one
     *     session for each ticket.
     */
    public SealedOpen seal(Open open, Ticket ticket) {
        ByteBuf plain = Unpooled.buffer();
        DataFrameCodec.writeOpen(plain, open);
        try {
            byte[] sealed =
                    ready(Cipher.ENCRYPT_MODE, ticket)
                            .doFinal(plain.array(), 0, plain.readableBytes());
            return new SealedOpen(Unpooled.wrappedBuffer(sealed));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a session could not be sealed", impossible);
        }
    }

    /**
     * @param ticket with which the channel was offered
     * @throws ProtocolException if it was not sealed with this key for this ticket
     */
    public Open open(SealedOpen open, Ticket ticket) throws ProtocolException {
        byte[] sealed = new byte[open.sealed().readableBytes()];
        open.sealed().getBytes(open.sealed().readerIndex(), sealed);
        byte[] plain;
        try {
            plain = ready(Cipher.DECRYPT_MODE, ticket).doFinal(sealed);
        } catch (AEADBadTagException forged) {
            throw new ProtocolException("SEALEDOPEN was not sealed for this channel");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a session could not be read", impossible);
        }
        return DataFrameCodec.readWholeOpen(Unpooled.wrappedBuffer(plain));
    }

    private Cipher ready(int mode, Ticket ticket) throws GeneralSecurityException {
        byte[] bytes = bytes(ticket.high(), ticket.low());
        var key = new SecretKeySpec(bytes(high, low), "AES");
        Cipher cipher = CIPHER.get();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, bytes, 0, NONCE_BYTES));
        cipher.updateAAD(bytes);
        return cipher;
    }

    private static byte[] bytes(long high, long low) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JVM has no AES-GCM", impossible);
        }
    }

    /** Never shows the key. */
    @Override
    public String toString() {
        return "OpeningKey[hidden]";
    }
}
