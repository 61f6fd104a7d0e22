package dev.pointsman.pool;

import static dev.pointsman.testkit.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UpstreamTest {
    private final AtomicInteger poolInFlight = new AtomicInteger();
    private final Upstream upstream = new Upstream(instance("a", 8080), false, poolInFlight);

    @Test
    void an_attempt_is_in_flight_on_the_upstream_and_in_its_pool_until_it_ends() {
        Attempt attempt = upstream.begin();
        assertThat(upstream.inFlight()).isEqualTo(1);
        assertThat(poolInFlight).hasValue(1);

        attempt.end(Outcome.ANSWERED);
        assertThat(upstream.inFlight()).isZero();
        assertThat(poolInFlight).hasValue(0);
    }

    @Test
    void each_attempt_counts_as_a_pick_however_it_ends() {
        upstream.begin().end(Outcome.ANSWERED);
        upstream.begin().end(Outcome.FAILED);
        upstream.begin();

        assertThat(upstream.picks()).isEqualTo(3);
    }

    @Test
    void only_a_failed_attempt_counts_as_a_failure() {
        upstream.begin().end(Outcome.ANSWERED);
        upstream.begin().end(Outcome.UNDECIDED);
        assertThat(upstream.failures()).isZero();

        upstream.begin().end(Outcome.FAILED);
        assertThat(upstream.failures()).isEqualTo(1);
    }

    @Test
    void an_upstream_that_left_is_gone_whatever_facts_it_is_given_later() {
        upstream.leave();
        upstream.take(instance("a", 8081), false);

        assertThat(upstream.availability()).isEqualTo(Availability.GONE);
    }

    @Test
    void it_names_itself_by_key_and_address() {
        assertThat(upstream).hasToString("n1/a at 127.0.0.1:8080");
    }
}
