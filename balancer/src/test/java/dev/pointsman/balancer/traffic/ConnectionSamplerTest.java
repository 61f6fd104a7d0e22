package dev.pointsman.balancer.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.metrics.TcpCounts;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is seen of connections over some seconds. */
class ConnectionSamplerTest {
    private static final RouteName DATABASE = new RouteName(":5432", "postgres");
    private static final RouteName CANARY = new RouteName(":5432", "postgres-16");

    private final ConnectionSampler sampler = new ConnectionSampler();
    private final Map<RouteName, TcpCounts> counts = new HashMap<>();

    /** From just before the clock's overflow on. */
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

    private void count(RouteName name, long open, long accepted, long received, long sent) {
        counts.merge(name, new TcpCounts(open, accepted, received, sent), TcpCounts::plus);
    }

    private void lookAfter(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
        sampler.look(Map.copyOf(counts), nanos);
    }

    private ConnectionTraffic database() {
        return sampler.service("postgres", List.of(":5432"));
    }

    @Test
    void before_the_second_look_only_those_that_are_open_are_known() {
        count(DATABASE, 3, 70, 1000, 2000);
        lookAfter(1);

        assertThat(database()).isEqualTo(new ConnectionTraffic(3, Double.NaN, Double.NaN, Double.NaN));
    }

    @Test
    void rates_are_what_was_counted_in_the_last_seconds() {
        count(DATABASE, 3, 70, 1000, 2000);
        lookAfter(1);
        count(DATABASE, 2, 10, 500, 4000);
        lookAfter(2);

        assertThat(database()).isEqualTo(new ConnectionTraffic(5, 5, 250, 2000));
    }

    @Test
    void what_was_counted_longer_ago_does_not_count() {
        lookAfter(1);
        count(DATABASE, 1, 100, 100, 100);
        for (int second = 0; second < 8; second++) {
            lookAfter(1);
        }

        assertThat(database()).isEqualTo(new ConnectionTraffic(1, 0, 0, 0));
    }

    @Test
    void each_service_of_a_route_has_its_own_and_all_together_the_sum() {
        lookAfter(1);
        count(DATABASE, 1, 4, 40, 400);
        count(CANARY, 1, 2, 20, 200);
        lookAfter(2);

        assertThat(database()).isEqualTo(new ConnectionTraffic(1, 2, 20, 200));
        assertThat(sampler.service("postgres-16", List.of(":5432"))).isEqualTo(new ConnectionTraffic(1, 1, 10, 100));
        assertThat(sampler.service("postgres", List.of(":6379"))).isEqualTo(new ConnectionTraffic(0, 0, 0, 0));
        assertThat(sampler.all()).isEqualTo(new ConnectionTraffic(2, 3, 30, 300));
    }
}
