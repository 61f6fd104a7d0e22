package dev.pointsman.pick;

import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest {
    @Test
    void each_request_goes_to_the_next_in_order() {
        Pool pool = pool(new RoundRobin(), 3);

        assertThat(picks(pool, 7)).containsExactly("a0", "a1", "a2", "a0", "a1", "a2", "a0");
    }

    @Test
    void the_turn_goes_on_where_it_was_when_the_registry_has_news() {
        Pool pool = pool(new RoundRobin(), 3);
        assertThat(picks(pool, 2)).containsExactly("a0", "a1");

        pool.apply(view(3));

        assertThat(picks(pool, 2)).containsExactly("a2", "a0");
    }

    @Test
    void one_that_joins_has_the_next_turn() {
        for (int before = 1; before < 4; before++) {
            Pool pool = pool(new RoundRobin(), 4);
            picks(pool, before);

            pool.apply(new ServiceView(
                    "svc",
                    Stream.of("a0", "a1", "a15", "a2", "a3")
                            .map(id -> instance(id, 1))
                            .toList()));

            assertThat(picks(pool, 6))
                    .as("after %s picks", before)
                    .containsExactly("a15", "a2", "a3", "a0", "a1", "a15");
        }
    }

    @Test
    void before_the_first_turn_nobody_that_joins_goes_before_the_others() {
        Pool pool = pool(new RoundRobin(), 1);

        pool.apply(new ServiceView(
                "svc", Stream.of("a0", "a1").map(id -> instance(id, 1)).toList()));

        assertThat(picks(pool, 3)).containsExactly("a0", "a1", "a0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void every_upstream_gets_the_same_number_of_requests(int size) {
        Pool pool = pool(new RoundRobin(), size);

        Map<String, Long> counts = new TreeMap<>();
        picks(pool, size * 10).forEach(id -> counts.merge(id, 1L, Long::sum));

        assertThat(counts).hasSize(size);
        assertThat(counts.values()).containsOnly(10L);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE - 2, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void a_cursor_on_the_brink_of_overflow_still_reaches_everyone(int start) {
        for (int size : new int[] {1, 2, 3, 5}) {
            Pool pool = pool(new RoundRobin(start), size);

            List<String> picked = picks(pool, 4 * size + 4);

            assertThat(picked).doesNotContain("none");
            assertThat(Set.copyOf(picked)).hasSize(size);
            // At the overflow the turn may jump, once: elsewhere each is followed by the next in order.
            assertThat(jumps(picked, size)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void none_is_picked_from_an_empty_pool() {
        assertThat(pick(pool(new RoundRobin(), 0), List.of())).isNull();
    }

    @Test
    void an_upstream_that_was_tried_is_not_picked_again() {
        for (int start = 0; start < 3; start++) {
            Pool pool = pool(new RoundRobin(start), 3);
            Upstream tried = pool.snapshot().upstreams().get(1);
            for (int i = 0; i < 6; i++) {
                assertThat(pick(pool, List.of(tried))).isNotNull().isNotSameAs(tried);
            }
        }
    }

    @Test
    void none_is_picked_when_all_were_tried() {
        Pool pool = pool(new RoundRobin(), 3);

        assertThat(pick(pool, pool.snapshot().upstreams())).isNull();
    }

    @Test
    void the_only_one_that_was_not_tried_is_picked_even_if_it_carries_more_than_its_share() {
        Pool pool = pool(new RoundRobin(), 3);
        Upstream loaded = pool.snapshot().upstreams().get(2);
        begin(loaded, 50);

        List<Upstream> others = pool.snapshot().upstreams().subList(0, 2);
        assertThat(pick(pool, others)).isSameAs(loaded);
    }

    @Test
    void a_hung_upstream_of_two_stops_being_picked_after_two_requests() {
        assertThat(picksOfHungUpstream(2)).isEqualTo(2);
    }

    @Test
    void a_hung_upstream_of_four_stops_being_picked_after_one_request() {
        assertThat(picksOfHungUpstream(4)).isEqualTo(1);
    }

    @Test
    void the_neighbour_of_a_hung_upstream_gets_no_more_than_the_others() {
        Pool pool = pool(new RoundRobin(), 4);
        begin(pool.snapshot().upstreams().get(0), 10);

        Map<String, Long> counts = new TreeMap<>();
        picks(pool, 300).forEach(id -> counts.merge(id, 1L, Long::sum));

        assertThat(counts).containsOnlyKeys("a1", "a2", "a3");
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(99L, 101L));
    }

    @Test
    void a_pool_that_is_loaded_everywhere_still_serves() {
        Pool pool = pool(new RoundRobin(), 2);
        pool.snapshot().upstreams().forEach(upstream -> begin(upstream, 1000));

        assertThat(picks(pool, 4)).containsExactly("a0", "a1", "a0", "a1");
    }

    @Test
    void load_that_is_stuck_on_upstreams_out_of_service_does_not_loosen_the_bound() {
        Pool pool = pool(new RoundRobin(), 3);
        begin(pool.snapshot().upstreams().get(2), 100);
        pool.apply(new ServiceView(
                "svc", List.of(instance("a0", 1), instance("a1", 1), instance("a2", 1, Health.CRITICAL, "hangs"))));

        assertThat(requestsUntilHungOneIsLeftAlone(pool)).isEqualTo(2);
    }

    @Test
    void load_that_is_stuck_on_upstreams_that_are_gone_does_not_loosen_the_bound() {
        Pool pool = pool(new RoundRobin(), 3);
        begin(pool.snapshot().upstreams().get(2), 100);
        pool.apply(view(2));

        assertThat(requestsUntilHungOneIsLeftAlone(pool)).isEqualTo(2);
    }

    @Test
    void many_threads_together_give_everyone_the_same_share() throws Exception {
        Pool pool = pool(new RoundRobin(), 5);

        Map<String, Long> counts = new TreeMap<>();
        for (String id : inFourThreads(() -> picks(pool, 5_000))) {
            counts.merge(id, 1L, Long::sum);
        }

        assertThat(counts).hasSize(5);
        assertThat(counts.values()).containsOnly(4_000L);
    }

    @Test
    void many_threads_together_keep_everyone_within_the_bound() throws Exception {
        Pool pool = pool(new RoundRobin(), 5);

        inFourThreads(() -> {
            for (int i = 0; i < 500; i++) {
                next(pool).begin();
            }
            return List.of();
        });

        // ceil(1.25 × 2000 / 5), and what four threads may have decided on while the count was one lower.
        assertThat(pool.snapshot().upstreams())
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isLessThanOrEqualTo(500 + 4));
        assertThat(pool.snapshot().upstreams().stream()
                        .mapToInt(Upstream::inFlight)
                        .sum())
                .isEqualTo(2000);
    }

    /** The first upstream never responds, the others do at once. */
    private static long picksOfHungUpstream(int size) {
        return requestsUntilHungOneIsLeftAlone(pool(new RoundRobin(), size));
    }

    private static long requestsUntilHungOneIsLeftAlone(Pool pool) {
        Upstream hung = pool.snapshot().ready().get(0);
        for (int i = 0; i < 100; i++) {
            Upstream upstream = next(pool);
            Attempt attempt = upstream.begin();
            if (upstream != hung) {
                attempt.end(Outcome.RESPONDED);
            }
        }
        return hung.picks();
    }

    private static List<String> inFourThreads(Callable<List<String>> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<String> all = new ArrayList<>();
            for (Future<List<String>> done : executor.invokeAll(List.of(work, work, work, work))) {
                all.addAll(done.get());
            }
            return all;
        } finally {
            executor.shutdownNow();
        }
    }

    private static void begin(Upstream upstream, int attempts) {
        for (int i = 0; i < attempts; i++) {
            upstream.begin();
        }
    }

    private static List<String> picks(Pool pool, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Upstream upstream = pick(pool, List.of());
            ids.add(upstream == null ? "none" : upstream.key().id());
        }
        return ids;
    }

    private static Upstream next(Pool pool) {
        return Objects.requireNonNull(pick(pool, List.of()), "no upstream was picked");
    }

    private static @Nullable Upstream pick(Pool pool, List<Upstream> tried) {
        return pool.snapshot().picker().pick(tried);
    }

    private static long jumps(List<String> picked, int size) {
        return IntStream.range(1, picked.size())
                .filter(i -> number(picked.get(i)) != (number(picked.get(i - 1)) + 1) % size)
                .count();
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1));
    }

    private static Pool pool(RoundRobin policy, int size) {
        Pool pool = new Pool("svc", policy);
        pool.apply(view(size));
        return pool;
    }

    private static ServiceView view(int size) {
        List<Instance> instances =
                IntStream.range(0, size).mapToObj(i -> instance("a" + i, 1)).toList();
        return new ServiceView("svc", instances);
    }
}
