package dev.pointsman.bench;

import dev.pointsman.pick.HashKey;
import dev.pointsman.pick.Policy;
import dev.pointsman.pick.PolicyInputs;
import dev.pointsman.pick.Rendezvous;
import dev.pointsman.pick.RoundRobin;
import dev.pointsman.pick.Sticky;
import dev.pointsman.pick.WeightedRoundRobin;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of a pick, and of making a snapshot's picker, by policy and number of upstreams. Beside the names below,
 * {@code -p policy=} takes any policy as a configuration has it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class PickBenchmark {
    private static final String COOKIE = "pointsman";

    @Param({
        "bounded-round-robin",
        "plain-round-robin",
        "weighted-round-robin",
        "least-in-flight",
        "two-choices",
        "random",
        "hash",
        "sticky"
    })
    public String policy = "";

    @Param({"3", "30", "300", "3000"})
    public int upstreams;

    private ServiceView view = new ServiceView("svc", List.of());
    private Pool pool = new Pool("svc", new RoundRobin());
    private RequestFacts request = RequestFacts.NONE;

    @Setup
    public void fill() {
        view = new ServiceView(
                "svc",
                IntStream.range(0, upstreams).mapToObj(PickBenchmark::instance).toList());
        pool = new Pool("svc", policyNamed(policy));
        pool.apply(view);
        Picker picker = pool.snapshot().picker();
        // Some load everywhere, as on a busy day.
        for (int i = 0; i < upstreams; i++) {
            pool.snapshot().ready().get(i).begin();
        }
        String token = picker.token(pool.snapshot().ready().get(upstreams / 2), RequestFacts.NONE);
        request = new Request("10.1.2.3", token);
    }

    private static PickPolicy policyNamed(String name) {
        return switch (name) {
            case "bounded-round-robin" -> new RoundRobin();
            case "weighted-round-robin" -> new WeightedRoundRobin();
            case "hash" -> new Rendezvous(HashKey.clientAddress());
            case "sticky" -> new Sticky(COOKIE, new byte[32], new RoundRobin());
            default -> configured(name);
        };
    }

    private static PickPolicy configured(String name) {
        Policy policy = Policy.parse(name);
        if (policy == null) {
            throw new IllegalArgumentException(name + " (expected: " + Policy.EXPECTED + ")");
        }
        return policy.make(new PolicyInputs(() -> 12345, "a secret of some length"));
    }

    /** A third of them counts twice, so that weights matter where they can. */
    private static Instance instance(int i) {
        return new Instance(
                new InstanceKey("n1", "service-10-0-0-" + i + "-8080"),
                "svc",
                "127.0.0.1",
                8080,
                List.of(),
                Map.of(),
                new Weights(i % 3 == 0 ? 2 : 1, 1),
                Health.PASSING,
                "");
    }

    /** As a request does it: the newest snapshot is read, and asked. */
    @Benchmark
    public @Nullable Upstream pick() {
        return pool.snapshot().picker().pick(List.of(), request);
    }

    /** A view of the registry that changes nothing: what an update costs, the picker included. */
    @Benchmark
    public Pool update() {
        pool.apply(view);
        return pool;
    }

    private record Request(String address, @Nullable String token) implements RequestFacts {
        @Override
        public @Nullable String clientAddress() {
            return address;
        }

        @Override
        public @Nullable String cookie(String name) {
            return token;
        }
    }
}
