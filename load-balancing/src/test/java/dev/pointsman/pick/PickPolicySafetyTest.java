package dev.pointsman.pick;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Weights;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What no policy ever does, also where it prefers upstreams for what they are: each runs through it alone and in two groups. */
@ParameterizedClass
@MethodSource("policies")
@Timeout(60)
class PickPolicySafetyTest {
    private static final int[] SIZES = {1, 2, 3, 5, 17};

    private final Supplier<PickPolicy> policy;

    PickPolicySafetyTest(Supplier<PickPolicy> policy) {
        this.policy = policy;
    }

    static Stream<Named<Supplier<PickPolicy>>> policies() {
        return Stream.of(
                        TestPolicies.all(),
                        TestPolicies.nearOverflow(),
                        TestPolicies.nearestFirst(
                                upstream -> upstream.key().id().hashCode() % 2))
                .flatMap(policies -> policies);
    }

    @Test
    void what_was_tried_is_never_picked_again() {
        for (int size : SIZES) {
            Picking picking = Picking.among(size, policy.get());
            List<Upstream> tried = new ArrayList<>();
            while (tried.size() < size) {
                for (int i = 0; i < 50; i++) {
                    assertThat(picking.pick(tried, new TestRequest("key " + i)))
                            .isNotNull()
                            .isNotIn(tried);
                }
                tried.add(Objects.requireNonNull(picking.pick(tried, RequestFacts.NONE)));
            }
            assertThat(picking.pick(tried, RequestFacts.NONE)).as("all tried").isNull();
            assertThat(picking.pick(tried, new TestRequest("key")))
                    .as("all tried")
                    .isNull();
        }
    }

    @Test
    void none_is_picked_where_none_is() {
        Picking picking = Picking.among(0, policy.get());

        assertThat(picking.pick(List.of(), RequestFacts.NONE)).isNull();
        assertThat(picking.pick(List.of(), new TestRequest("key"))).isNull();
    }

    @Test
    void those_that_the_registry_takes_out_are_not_picked() {
        Picking picking = new Picking(policy.get(), PoolOptions.DEFAULT);
        picking.view(
                instance("critical", 1, Health.CRITICAL, "down"),
                instance("maintenance", 1, Health.MAINTENANCE, "upgrade"),
                weighted("weightless", 1, Health.WARNING, new Weights(5, 0)),
                instance("healthy", 1));

        for (int i = 0; i < 200; i++) {
            assertThat(picking.pick(new TestRequest("key " + i)).key().id()).isEqualTo("healthy");
        }
    }

    @Test
    void one_that_is_at_its_limit_is_not_picked_and_is_when_there_is_room_again() {
        Picking picking = new Picking(policy.get(), PoolOptions.DEFAULT.withMaxInFlight(2));
        picking.view(3);
        List<Attempt> begun = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            begun.add(picking.pick(new TestRequest("key " + i % 2)).begin());
        }
        assertThat(picking.ready())
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isEqualTo(2));

        assertThat(picking.pick(List.of(), new TestRequest("key"))).isNull();
        assertThat(picking.pick(List.of(), RequestFacts.NONE)).isNull();

        Attempt over = begun.get(3);
        over.end(Outcome.RESPONDED);
        assertThat(picking.pick(new TestRequest("key"))).isSameAs(over.upstream());
        assertThat(picking.pick(RequestFacts.NONE)).isSameAs(over.upstream());
    }

    @Test
    void a_pick_makes_no_object() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long me = Thread.currentThread().getId();
        Picker picker =
                Picking.weighted(policy.get(), 3, 1, 1, 7, 1).pool.snapshot().picker();
        RequestFacts request = new TestRequest("key");
        List<Upstream> untried = List.of();
        for (int i = 0; i < 2_000; i++) {
            picker.pick(untried, request);
            picker.pick(untried);
        }

        long before = threads.getThreadAllocatedBytes(me);
        for (int i = 0; i < 2_000; i++) {
            picker.pick(untried, request);
            picker.pick(untried);
        }
        long made = threads.getThreadAllocatedBytes(me) - before;

        // A single object a pick would be 64,000 bytes or more; the measurement may cost one itself.
        assertThat(made).isLessThan(2_000);
    }

    @Test
    void many_threads_pick_from_what_is_there_while_it_changes_and_leave_nothing_behind() throws Exception {
        Picking picking = Picking.among(5, policy.get());
        AtomicInteger misses = new AtomicInteger();
        Callable<Integer> clients = () -> {
            for (int i = 0; i < 5_000; i++) {
                PoolSnapshot snapshot = picking.pool.snapshot();
                @Nullable Upstream picked = snapshot.picker().pick(List.of(), new TestRequest("key " + i % 50));
                if (picked == null || !snapshot.ready().contains(picked)) {
                    misses.incrementAndGet();
                } else {
                    picked.begin().end(Outcome.RESPONDED);
                }
            }
            return 0;
        };
        Callable<Integer> registry = () -> {
            for (int i = 0; i < 300; i++) {
                picking.view(3 + i % 5);
            }
            return 0;
        };

        inThreads(List.of(clients, clients, clients, registry));

        assertThat(misses).hasValue(0);
        assertThat(picking.pool.statistics().inFlight()).isZero();
        assertThat(picking.pool.snapshot().upstreams())
                .allSatisfy(upstream -> assertThat(upstream.inFlight()).isZero());
    }

    private static void inThreads(List<Callable<Integer>> work) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(work.size());
        try {
            for (Future<Integer> done : executor.invokeAll(work)) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
