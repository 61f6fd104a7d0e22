package dev.pointsman.launcher.log;

import static dev.pointsman.launcher.log.LogTesting.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LineSinkTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<String> written = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();

    @Test
    void lines_are_written_in_their_order_and_none_is_missing_at_the_end() {
        LineSink sink = new LineSink("test", this::write, lost::addAndGet, SOON);
        for (int i = 0; i < 1000; i++) {
            sink.put(line(i, "api-1", "line " + i));
        }
        sink.close(SOON);

        assertThat(written).hasSize(1000).startsWith("line 0", "line 1").endsWith("line 999");
        assertThat(lost).hasValue(0);
    }

    @Test
    void a_reader_that_stands_still_costs_lines_but_blocks_no_program_for_ever() {
        CountDownLatch goOn = new CountDownLatch(1);
        LineSink sink = new LineSink(
                "test",
                lines -> {
                    awaitQuietly(goOn);
                    write(lines);
                },
                lost::addAndGet,
                Duration.ofMillis(1));
        String large = "x".repeat(30_000);
        int put = 3 * LineSink.MOST_WAITING / large.length();
        for (int i = 0; i < put; i++) {
            sink.put(line(i, "api-1", large));
        }
        goOn.countDown();
        sink.close(SOON);

        assertThat(written).hasSizeLessThan(put);
        assertThat(lost.get() + written.size()).isEqualTo(put);
    }

    @Test
    void a_reader_that_goes_on_gets_every_line_again() {
        CountDownLatch goOn = new CountDownLatch(1);
        LineSink sink = new LineSink(
                "test",
                lines -> {
                    awaitQuietly(goOn);
                    write(lines);
                },
                lost::addAndGet,
                Duration.ofMillis(1));
        for (int i = 0; i < 1 + 2 * LineSink.MOST_WAITING / 30_000; i++) {
            sink.put(line(i, "api-1", "x".repeat(30_000)));
        }
        goOn.countDown();
        await().until(() -> lost.get() > 0);

        sink.put(line(1, "api-1", "after"));
        sink.close(SOON);

        assertThat(written).endsWith("after");
    }

    private void write(List<LogLine> lines) {
        lines.forEach(line -> written.add(line.text()));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
