package dev.pointsman.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnpooledContentTest {
    private static ByteBuf pooled(String text) {
        return PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void a_piece_gives_its_pooled_memory_back_at_once_and_keeps_its_octets() {
        ByteBuf octets = pooled("hello");

        HttpContent piece = UnpooledContent.of(new DefaultHttpContent(octets));

        assertThat(octets.refCnt()).isZero();
        assertThat(piece.content().toString(StandardCharsets.US_ASCII)).isEqualTo("hello");
        assertThat(piece.content().isDirect()).isFalse();
    }

    @Test
    void the_last_piece_stays_the_last_one() {
        HttpContent piece = UnpooledContent.of(new DefaultLastHttpContent(pooled("bye")));

        assertThat(piece).isInstanceOf(LastHttpContent.class);
    }

    @Test
    void the_end_of_a_body_without_octets_is_passed_as_it_is() {
        assertThat(UnpooledContent.of(LastHttpContent.EMPTY_LAST_CONTENT)).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
    }
}
