package dev.pointsman.balancer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopBuffersTest {
    private final ByteBufAllocator others = UnpooledByteBufAllocator.DEFAULT;
    private final LoopBuffers buffers = new LoopBuffers(2);

    @Test
    void a_buffer_that_was_released_is_used_again_and_is_empty() {
        ByteBuf first = buffers.take(5, others);
        first.writeCharSequence("hello", StandardCharsets.US_ASCII);
        first.release();
        buffers.take(5, others).release();

        ByteBuf again = buffers.take(5, others);

        assertThat(again).isSameAs(first);
        assertThat(again.readableBytes()).isZero();
        assertThat(again.release()).as("the loop keeps it").isFalse();
    }

    @Test
    void what_is_still_held_is_not_given_to_anybody_else() {
        Set<ByteBuf> given = Collections.newSetFromMap(new IdentityHashMap<>());
        List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ByteBuf buffer = buffers.take(5, others);
            held.add(buffer);
            given.add(buffer);
        }

        assertThat(given).hasSize(5);

        held.forEach(ByteBuf::release);
    }

    @Test
    void a_slice_that_is_held_keeps_its_buffer_from_being_used_again() {
        ByteBuf first = buffers.take(5, others);
        first.writeCharSequence("hello", StandardCharsets.US_ASCII);
        ByteBuf slice = first.readRetainedSlice(5);
        first.release();
        for (int i = 0; i < 4; i++) {
            ByteBuf other = buffers.take(5, others);
            other.writeCharSequence("other", StandardCharsets.US_ASCII);
            other.release();
        }

        assertThat(slice.toString(StandardCharsets.US_ASCII)).isEqualTo("hello");

        slice.release();
    }

    @Test
    void what_is_too_large_for_them_has_a_buffer_of_its_own_that_is_freed() {
        ByteBuf large = buffers.take(LoopBuffers.SIZE + 1, others);

        assertThat(large.capacity()).isGreaterThan(LoopBuffers.SIZE);
        assertThat(large.release()).isTrue();
    }

    @Test
    void none_are_kept_where_each_is_watched_for_leaks() {
        ByteBuf alone = new LoopBuffers(0).take(5, others);

        assertThat(alone.release()).isTrue();
    }
}
