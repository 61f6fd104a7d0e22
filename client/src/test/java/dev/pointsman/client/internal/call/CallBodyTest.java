package dev.pointsman.client.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class CallBodyTest {
    @Test
    void of_a_body_longer_than_an_int_can_count_what_was_sent_is_forgotten_too() {
        CallBody body = new CallBody();
        Buffer part = Buffer.buffer(new byte[64 * 1024 * 1024]);
        for (int i = 0; i < 40; i++) {
            var unused = body.add(part, false);
            body.trim(body.count());
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> body.part(body.count() - 1));
        assertThat(body.isWhole()).isFalse();
    }
}
