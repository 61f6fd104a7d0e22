package dev.pointsman.pick;

import static dev.pointsman.pool.Instances.instance;

import dev.pointsman.pool.Instances;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import dev.pointsman.testkit.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A policy at work in a pool, with upstreams a0, a1, ... on a clock that is moved by hand. */
final class Picking {
    final ManualTime time = new ManualTime();
    final Pool pool;

    Picking(PickPolicy policy, PoolOptions options) {
        pool = new Pool("svc", policy, options, new PoolTime(time::nanos, time::instant), change -> {});
    }

    static Picking among(int size, PickPolicy policy) {
        Picking picking = new Picking(policy, PoolOptions.DEFAULT);
        picking.view(size);
        return picking;
    }

    /** With the given weights, while their checks pass. */
    static Picking weighted(PickPolicy policy, int... weights) {
        Picking picking = new Picking(policy, PoolOptions.DEFAULT);
        picking.weights(weights);
        return picking;
    }

    void view(int size) {
        view(IntStream.range(0, size).mapToObj(i -> instance("a" + i, 1)).toArray(Instance[]::new));
    }

    void weights(int... weights) {
        view(IntStream.range(0, weights.length)
                .mapToObj(i -> Instances.weighted("a" + i, 1, Health.PASSING, new Weights(weights[i], 1)))
                .toArray(Instance[]::new));
    }

    void view(Instance... instances) {
        pool.apply(new ServiceView("svc", List.of(instances)));
    }

    List<Upstream> ready() {
        return pool.snapshot().ready();
    }

    Upstream get(int number) {
        return pool.snapshot().upstreams().stream()
                .filter(upstream -> upstream.key().id().equals("a" + number))
                .findFirst()
                .orElseThrow();
    }

    @Nullable
    Upstream pick(List<Upstream> tried, RequestFacts request) {
        return pool.snapshot().picker().pick(tried, request);
    }

    Upstream pick(RequestFacts request) {
        return Objects.requireNonNull(pick(List.of(), request), "no upstream was picked");
    }

    /** Where requests go that bring nothing and are over at once. */
    List<String> picks(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(pick(RequestFacts.NONE).key().id());
        }
        return ids;
    }

    /** How many of so many such requests go where. */
    Map<String, Integer> counts(int count) {
        return countsOf(picks(count));
    }

    static Map<String, Integer> countsOf(List<String> ids) {
        Map<String, Integer> counts = new TreeMap<>();
        ids.forEach(id -> counts.merge(id, 1, Integer::sum));
        return counts;
    }

    void begin(int number, int attempts) {
        for (int i = 0; i < attempts; i++) {
            get(number).begin();
        }
    }
}
