package dev.pointsman.bench;

import dev.pointsman.pick.Policy;
import dev.pointsman.pick.PolicyInputs;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * All that a request does to its pool, from the pick to the end of its attempt, by two threads: on one pool, as the event loops do,
 * and on a pool for each. The difference is what sharing costs. Between requests a thread does some work of its own, as loops
 * do: without it, nothing but the fight for the counters would be measured.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
@Threads(2)
public class SharedPoolBenchmark {
    /** What varies. */
    @State(Scope.Benchmark)
    public static class Work {
        @Param({"round-robin", "two-choices"})
        public String policy = "";

        /** The work between two requests, in JMH's tokens, of some nanoseconds each: 0 for none, 5,000 for about as much as a request costs. */
        @Param({"0", "5000"})
        public long tokens;
    }

    /** The pool of all threads. */
    @State(Scope.Benchmark)
    public static class SharedPool extends FilledPool {}

    /** A pool for each thread. */
    @State(Scope.Thread)
    public static class OwnPool extends FilledPool {}

    /** A pool with two instances. */
    public abstract static class FilledPool {
        private Pool pool = new Pool("svc", noPolicy());

        private static PickPolicy noPolicy() {
            return Policy.DEFAULT.make(new PolicyInputs(() -> 1, "a secret of some length"));
        }

        /** Has the registry list two instances. */
        @Setup
        public void fill(Work work) {
            Policy configured = Objects.requireNonNull(Policy.parse(work.policy), Policy.EXPECTED);
            pool = new Pool("svc", configured.make(new PolicyInputs(() -> 12345, "a secret of some length")));
            pool.apply(new ServiceView(
                    "svc", IntStream.range(0, 2).mapToObj(FilledPool::instance).toList()));
        }

        private static Instance instance(int i) {
            return new Instance(
                    new InstanceKey("n1", "svc-" + i),
                    "svc",
                    "127.0.0.1",
                    8080 + i,
                    List.of(),
                    Map.of(),
                    new Weights(1, 1),
                    Health.PASSING,
                    "");
        }

        void request() {
            Attempt attempt = pool.snapshot().begin(List.of(), RequestFacts.NONE, false);
            if (attempt != null) {
                attempt.responseBegan(Outcome.RESPONDED);
                attempt.end(Outcome.RESPONDED);
            }
        }
    }

    @Benchmark
    public void shared(SharedPool pool, Work work) {
        pool.request();
        Blackhole.consumeCPU(work.tokens);
    }

    @Benchmark
    public void own(OwnPool pool, Work work) {
        pool.request();
        Blackhole.consumeCPU(work.tokens);
    }
}
