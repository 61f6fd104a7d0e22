package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Instance;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Instances that leave while requests are under way: a launcher stops them when nothing is in flight on them any more. */
class LeavingTest {
    private final PoolUnderTest pool = PoolUnderTest.of(2, PoolOptions.DEFAULT);

    @Test
    void attempts_on_an_instance_that_left_are_counted_until_they_end() {
        Attempt first = pool.get("a0").begin();
        Attempt second = pool.get("a0").begin();
        for (int views = 0; views < 3; views++) {
            pool.view(instance("a1", 1001));
            assertThat(pool.pool.inFlightOn(null, "a0")).isEqualTo(2);
        }

        first.end(Outcome.RESPONDED);
        assertThat(pool.pool.inFlightOn("n1", "a0")).isEqualTo(1);
        second.end(Outcome.RESPONDED);
        assertThat(pool.pool.inFlightOn("n1", "a0")).isZero();
        assertThat(pool.pool.statistics().inFlight()).isZero();
    }

    @Test
    void attempts_on_an_instance_that_left_and_on_one_that_came_back_by_its_name_are_counted_together() {
        Attempt before = pool.get("a0").begin();
        pool.view(instance("a1", 1001));
        pool.view(instance("a0", 1000), instance("a1", 1001));
        Attempt after = pool.get("a0").begin();

        assertThat(pool.pool.inFlightOn(null, "a0")).isEqualTo(2);
        before.end(Outcome.RESPONDED);
        after.end(Outcome.RESPONDED);
        assertThat(pool.pool.inFlightOn(null, "a0")).isZero();
    }

    @Test
    void a_request_that_read_the_pool_before_an_instance_left_goes_to_one_that_is_there() {
        PoolSnapshot before = pool.now();
        Upstream left = pool.get("a0");
        pool.view(instance("a1", 1001), instance("a2", 1002));

        Attempt attempt = begin(before);

        assertThat(attempt.upstream()).isSameAs(pool.get("a1"));
        assertThat(left.inFlight()).isZero();
        assertThat(left.picks()).isZero();
        assertThat(pool.pool.inFlightOn(null, "a0")).isZero();
        assertThat(pool.pool.statistics().inFlight()).isEqualTo(1);
        assertThat(pool.pool.statistics().picks()).isEqualTo(1);
    }

    @Test
    void it_goes_to_what_took_the_place_of_all_others_too() {
        PoolSnapshot before = pool.now();
        pool.view(instance("b0", 2000));
        pool.view(instance("c0", 3000));

        assertThat(begin(before).upstream()).isSameAs(pool.get("c0"));
    }

    @Test
    void where_nothing_is_left_it_goes_nowhere() {
        PoolSnapshot before = pool.now();
        pool.view();

        assertThat(before.begin(List.of(), RequestFacts.NONE, true)).isNull();
        assertThat(pool.pool.statistics().inFlight()).isZero();
    }

    @Test
    void while_an_instance_leaves_what_is_in_flight_on_it_is_never_missing_from_the_count() throws Exception {
        Instance[] others = IntStream.range(1, 40)
                .mapToObj(i -> instance("a" + i, 1000 + i))
                .toArray(Instance[]::new);
        Instance[] all = Stream.concat(Stream.of(instance("a0", 1000)), Stream.of(others))
                .toArray(Instance[]::new);
        ExecutorService registry = Executors.newSingleThreadExecutor();
        try {
            for (int round = 0; round < 600; round++) {
                pool.view(all);
                Attempt attempt = pool.get("a0").begin();
                Future<?> leaving = registry.submit(() -> pool.view(others));
                int least = 1;
                while (!leaving.isDone()) {
                    least = Math.min(least, pool.pool.inFlightOn(null, "a0"));
                }
                assertThat(least).as("round %s", round).isEqualTo(1);
                attempt.end(Outcome.RESPONDED);
            }
        } finally {
            registry.shutdownNow();
        }
    }

    private static Attempt begin(PoolSnapshot on) {
        return Objects.requireNonNull(on.begin(List.of(), RequestFacts.NONE, false), "no upstream was picked");
    }
}
