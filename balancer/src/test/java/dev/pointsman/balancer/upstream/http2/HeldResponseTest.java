package dev.pointsman.balancer.upstream.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HeldResponseTest {
    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    @Test
    void small_pieces_share_a_buffer_and_keep_their_order() {
        HeldResponse held = new HeldResponse();
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            String piece = String.valueOf((char) ('a' + i % 26));
            all.append(piece);
            held.add(bytes(piece));
        }
        held.end(EmptyHttpHeaders.INSTANCE);

        StringBuilder given = new StringBuilder();
        int buffers = 0;
        while (!held.isEmpty()) {
            assertThat(held.takeEnd()).isNull();
            ByteBuf piece = held.remove();
            given.append(piece.toString(StandardCharsets.ISO_8859_1));
            buffers++;
            piece.release();
        }

        assertThat(given).hasToString(all.toString());
        assertThat(buffers).isLessThan(10);
        assertThat(held.takeEnd()).isNotNull();
    }

    @Test
    void a_large_piece_is_by_itself_and_what_is_held_is_a_copy() {
        HeldResponse held = new HeldResponse();
        ByteBuf large = bytes("x".repeat(20_000));
        held.add(bytes("small"));
        held.add(large);
        large.setZero(0, large.readableBytes());
        held.add(bytes("small, too"));

        assertThat(held.remove().toString(StandardCharsets.ISO_8859_1)).isEqualTo("small");
        assertThat(held.remove().toString(StandardCharsets.ISO_8859_1)).isEqualTo("x".repeat(20_000));
        assertThat(held.remove().toString(StandardCharsets.ISO_8859_1)).isEqualTo("small, too");
    }
}
