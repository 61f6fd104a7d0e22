package dev.pointsman.balancer.downstream.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.downstream.Http2Abuse;
import dev.pointsman.balancer.testkit.Http2Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FloodGuardTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final FloodGuard guard = new FloodGuard(8192, 0);
    private long now;

    @Test
    void the_preface_is_over_when_it_has_come_however_long_a_connection_lasts() {
        assertThat(guard.scan().isInPreface()).isTrue();
        arrives(PREFACE.substring(0, 10));
        assertThat(guard.scan().isInPreface()).isTrue();
        arrives(PREFACE.substring(10));
        assertThat(guard.scan().isInPreface()).isFalse();

        after(Duration.ofMinutes(1));
        arrives(Http2Wire.frameBytes(Http2Wire.DATA, 0, 1, "half of it").substring(0, 14));

        assertThat(guard.scan().isInPreface()).isFalse();
    }

    @Test
    void what_is_too_much_at_a_time_is_not_too_much_in_the_long_run() {
        arrives(PREFACE);
        for (int i = 0; i < 200; i++) {
            after(Duration.ofSeconds(1));
            assertThat(arrives(Http2Wire.frameBytes(Http2Wire.SETTINGS, 0, 0, "")))
                    .isNull();
        }
    }

    @Test
    void resets_by_either_side_add_up() {
        for (int i = 0; i < 300; i++) {
            guard.requestBegan();
        }
        boolean flood = false;
        for (int i = 0; i < 201; i++) {
            assertThat(flood).isFalse();
            flood = guard.isResetFlood();
        }
        assertThat(flood).isTrue();
    }

    @Test
    void late_frames_are_allowed_in_proportion_to_requests() {
        for (int i = 0; i < 10; i++) {
            guard.requestBegan();
        }
        for (int i = 0; i < 4000; i++) {
            assertThat(guard.isLateFlood()).isFalse();
        }
        assertThat(guard.isLateFlood()).isTrue();
    }

    private void after(Duration time) {
        now += time.toNanos();
    }

    private @Nullable Http2Abuse arrives(String bytes) {
        ByteBuf arrived = Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
        guard.arrived(arrived, now);
        arrived.release();
        return guard.flood();
    }
}
