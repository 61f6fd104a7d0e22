package dev.pointsman.balancer.downstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.CapturedLog;
import dev.pointsman.testkit.ManualTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionLimitTest {
    @RegisterExtension
    private final CapturedLog log = new CapturedLog();

    private final ManualTime time = new ManualTime();
    private final ConnectionLimit limit = new ConnectionLimit(2, time::nanos);

    @Test
    void beyond_the_limit_none_is_admitted_until_one_leaves() {
        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isTrue();
        assertThat(limit.tryAcquire()).isFalse();

        limit.release();

        assertThat(limit.tryAcquire()).isTrue();
    }

    @Test
    void clients_that_come_and_go_at_the_limit_are_one_line_until_none_was_rejected_for_a_while() {
        limit.tryAcquire();
        limit.tryAcquire();
        for (int i = 0; i < 100; i++) {
            comeAndGo();
        }
        assertThat(log.text().lines())
                .singleElement()
                .asString()
                .contains("WARN", "2 clients are connected, which is the limit");

        time.pass(ConnectionLimit.CALM);
        limit.release();
        limit.tryAcquire();
        comeAndGo();

        assertThat(log.text().lines()).hasSize(2);
    }

    private void comeAndGo() {
        limit.tryAcquire();
        limit.release();
        limit.tryAcquire();
    }
}
