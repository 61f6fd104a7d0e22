package dev.pointsman.balancer.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.CapturedLog;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How often it is said that a collector does not take spans. */
class SpanTroubleTest {
    private final SpanCounts counts = new SpanCounts();
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1000);
    private final SpanTrouble trouble = new SpanTrouble("http://collector/v1/traces", counts, time::get);

    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    private long warnings() {
        return log.text().lines().filter(line -> line.contains("Traces: ")).count();
    }

    @Test
    void it_is_said_once_as_long_as_it_lasts() {
        for (int i = 0; i < 10; i++) {
            trouble.failed(2, "refused");
            trouble.dropped();
            time.addAndGet(Duration.ofMinutes(5).toNanos());
        }

        assertThat(warnings()).isOne();
        assertThat(log.text()).contains("http://collector/v1/traces does not take spans (refused)");
        assertThat(counts.failed()).isEqualTo(20);
        assertThat(counts.dropped()).isEqualTo(10);
    }

    @Test
    void one_that_takes_some_and_not_all_is_said_once_a_minute() {
        for (int second = 0; second < 150; second++) {
            trouble.dropped();
            trouble.exported(3);
            time.addAndGet(Duration.ofSeconds(1).toNanos());
        }

        assertThat(warnings()).isEqualTo(3);
        assertThat(counts.exported()).isEqualTo(450);
    }
}
