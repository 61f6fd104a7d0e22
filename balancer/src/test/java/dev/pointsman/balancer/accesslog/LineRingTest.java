package dev.pointsman.balancer.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LineRingTest {
    private final LineRing ring = new LineRing(16);

    private boolean offer(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        return ring.offer(bytes, bytes.length);
    }

    private String drain(int room) {
        ByteBuffer to = ByteBuffer.allocate(room);
        boolean any = ring.drainTo(to);
        String text = new String(to.array(), 0, to.position(), StandardCharsets.US_ASCII);
        assertThat(any).isEqualTo(!text.isEmpty());
        return text;
    }

    @Test
    void lines_come_out_in_the_order_in_which_they_were_offered() {
        assertThat(ring.isEmpty()).isTrue();
        assertThat(offer("one\n") && offer("two\n")).isTrue();

        assertThat(drain(100)).isEqualTo("one\ntwo\n");
        assertThat(ring.isEmpty()).isTrue();
        assertThat(drain(100)).isEmpty();
    }

    @Test
    void what_does_not_fit_is_not_taken_and_the_next_that_fits_is() {
        assertThat(offer("0123456789\n")).isTrue();
        assertThat(offer("too long\n")).isFalse();
        assertThat(offer("fits\n")).isTrue();
        assertThat(offer("\n")).isFalse();

        assertThat(drain(100)).isEqualTo("0123456789\nfits\n");
        assertThat(offer("too long\n")).isTrue();
    }

    @Test
    void lines_that_go_around_the_end_are_whole() {
        for (int i = 0; i < 100; i++) {
            String line = "line " + i + "\n";
            assertThat(offer(line)).isTrue();
            assertThat(drain(16)).isEqualTo(line);
        }
    }

    @Test
    void whole_lines_alone_are_drained() {
        boolean unused = offer("one\n") && offer("two\n") && offer("three\n");

        assertThat(drain(10)).isEqualTo("one\ntwo\n");
        assertThat(drain(5)).isEmpty();
        assertThat(drain(6)).isEqualTo("three\n");
    }

    @Test
    void what_is_given_up_is_counted() {
        boolean unused = offer("one\n") && offer("two\n");

        assertThat(ring.discard()).isEqualTo(2);
        assertThat(ring.isEmpty()).isTrue();
    }

    @Test
    void it_is_over_when_nothing_comes_and_nothing_is_left() {
        boolean unused = offer("one\n");
        assertThat(ring.isOver()).isFalse();
        ring.finish();
        assertThat(ring.isOver()).isFalse();
        drain(100);
        assertThat(ring.isOver()).isTrue();
    }

    @Test
    void its_size_is_a_power_of_two() {
        assertThatThrownBy(() -> new LineRing(100)).hasMessageContaining("100");
    }

    @Test
    void two_threads_see_the_same_lines() throws Exception {
        LineRing between = new LineRing(1024);
        int lines = 200_000;
        CompletableFuture<Void> offering = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < lines; i++) {
                byte[] line = (i + "\n").getBytes(StandardCharsets.US_ASCII);
                while (!between.offer(line, line.length)) {
                    Thread.onSpinWait();
                }
            }
        });
        ByteBuffer to = ByteBuffer.allocate(512);
        int next = 0;
        while (next < lines) {
            if (between.drainTo(to.clear())) {
                String some = new String(to.array(), 0, to.position(), StandardCharsets.US_ASCII);
                for (String line : some.lines().toList()) {
                    assertThat(line).isEqualTo(Integer.toString(next++));
                }
            } else {
                Thread.onSpinWait();
            }
        }
        offering.get(10, TimeUnit.SECONDS);
        assertThat(between.isEmpty()).isTrue();
    }
}
