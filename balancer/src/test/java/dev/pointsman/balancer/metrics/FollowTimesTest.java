package dev.pointsman.balancer.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FollowTimesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final FollowTimes followed = new FollowTimes(new Buckets(List.of(Duration.ofSeconds(1))));
    private final Pool pool = pool();

    private Pool pool() {
        return new Pool(
                "svc",
                (ready, inFlight) -> (tried, request) -> null,
                PoolOptions.DEFAULT,
                new PoolTime(nanos::get, InstantSource.fixed(Instant.EPOCH)),
                change -> {});
    }

    private void list(String... ids) {
        pool.apply(new ServiceView(
                "svc",
                Stream.of(ids)
                        .map(id -> new Instance(
                                new InstanceKey("n1", id),
                                "svc",
                                "127.0.0.1",
                                1000,
                                List.of(),
                                Map.of(),
                                Weights.DEFAULT,
                                Health.PASSING,
                                ""))
                        .toList()));
    }

    private Upstream upstream(String id) {
        return pool.snapshot().upstreams().stream()
                .filter(each -> each.key().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void requestAfter(int seconds, String id) {
        nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
        upstream(id).begin();
    }

    private void look() {
        followed.look(List.of(pool));
    }

    private void assertCounted(int times, double sumSeconds) {
        assertThat(followed.counts().count()).isEqualTo(times);
        assertThat(followed.counts().sumSeconds()).isEqualTo(sumSeconds);
    }

    @Test
    void an_instance_that_joins_counts_once_with_its_first_request() {
        list("a");
        look();
        list("a", "b");
        look();
        assertCounted(0, 0);

        requestAfter(3, "b");
        look();
        requestAfter(3, "b");
        look();

        assertCounted(1, 3);
    }

    @Test
    void its_first_request_may_have_come_before_the_look() {
        look();
        list("a");
        requestAfter(2, "a");

        look();

        assertCounted(1, 2);
    }

    @Test
    void one_that_was_there_when_the_pool_was_first_seen_does_not_count() {
        list("a");
        look();

        requestAfter(3, "a");
        list("a", "b");
        look();

        assertCounted(0, 0);
    }

    @Test
    void one_that_left_without_a_request_is_forgotten_and_counts_anew_when_it_comes_back() {
        look();
        list("a");
        look();
        Upstream left = upstream("a");
        list();
        look();
        left.begin();
        look();
        assertCounted(0, 0);

        list("a");
        requestAfter(1, "a");
        look();

        assertCounted(1, 1);
    }

    @Test
    void a_pool_that_is_gone_and_comes_back_is_seen_for_the_first_time_again() {
        look();
        followed.look(List.of());
        list("a");
        look();

        requestAfter(1, "a");
        look();

        assertCounted(0, 0);
    }
}
