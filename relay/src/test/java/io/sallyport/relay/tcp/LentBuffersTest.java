package io.sallyport.relay.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LentBuffersTest {
    private final UnpooledByteBufAllocator alloc = new UnpooledByteBufAllocator(true);
    private final LentBuffers buffers = new LentBuffers(true);

    @AfterEach
    void release() {
        buffers.release();
        assertThat(alloc.metric().usedDirectMemory()).isZero();
    }

    @Test
    void a_buffer_that_was_released_is_lent_again_and_empty() {
        ByteBuf first = lend(100);
        first.writeInt(1).readByte();
        first.release();

        ByteBuf second = lend(100);

        assertThat(second).isSameAs(first).matches(ByteBuf::isDirect);
        assertThat(second.readerIndex()).isZero();
        assertThat(second.writerIndex()).isZero();
        second.release();
    }

    @Test
    void a_buffer_of_which_a_slice_is_held_is_lent_to_nobody_else() {
        ByteBuf first = lend(100).writeInt(1);
        ByteBuf slice = first.retainedSlice();
        first.release();

        ByteBuf second = lend(100).writeInt(2);

        assertThat(second).isNotSameAs(first);
        assertThat(slice.readInt()).isEqualTo(1);
        slice.release();
        second.release();
    }

    @Test
    void when_all_are_held_the_allocator_is_asked_until_one_comes_back() {
        List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < LentBuffers.COUNT; i++) {
            held.add(lend(1));
        }
        assertThat(new HashSet<>(held.stream().map(System::identityHashCode).toList()))
                .hasSize(LentBuffers.COUNT);
        assertThat(alloc.metric().usedDirectMemory()).isZero();

        ByteBuf another = lend(512);
        assertThat(alloc.metric().usedDirectMemory()).isEqualTo(512);
        another.release();

        ByteBuf last = held.removeLast();
        last.release();
        held.add(lend(1));
        assertThat(held.getLast()).isSameAs(last);
        held.forEach(ByteBuf::release);
    }

    @Test
    void what_is_larger_comes_from_the_allocator() {
        ByteBuf large = lend(LentBuffers.BYTES_MAX + 1);

        assertThat(large.writableBytes()).isEqualTo(LentBuffers.BYTES_MAX + 1);
        assertThat(alloc.metric().usedDirectMemory()).isEqualTo(LentBuffers.BYTES_MAX + 1);
        large.release();
    }

    @Test
    void while_leaks_are_searched_for_each_buffer_is_one_of_its_own() {
        var searched = new LentBuffers(false);
        ByteBuf first = searched.lend(alloc, 512);
        assertThat(alloc.metric().usedDirectMemory()).isEqualTo(512);
        first.release();

        ByteBuf second = searched.lend(alloc, 512);

        assertThat(second).isNotSameAs(first);
        second.release();
    }

    @Test
    void who_holds_one_while_the_thread_ends_keeps_it() {
        var ofThread = new LentBuffers(true);
        ByteBuf held = ofThread.lend(alloc, 4).writeInt(1);

        ofThread.release();

        assertThat(held.readInt()).isEqualTo(1);
        held.release();
        assertThat(held.refCnt()).isZero();
    }

    private ByteBuf lend(int bytes) {
        return buffers.lend(alloc, bytes);
    }
}
