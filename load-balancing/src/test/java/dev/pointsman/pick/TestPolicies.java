package dev.pointsman.pick;

import static org.junit.jupiter.api.Named.named;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Upstream;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The policies that tests for all of them run with: each row of {@link PolicyKind}, and what no row makes alone. */
public final class TestPolicies {
    private static final PolicyInputs INPUTS = new PolicyInputs(() -> 12345, "a secret of some length");

    private TestPolicies() {}

    /** Each policy as a configuration makes it, and the bounded round robin, which the default makes among others. */
    public static Stream<Named<Supplier<PickPolicy>>> all() {
        return Stream.concat(
                Arrays.stream(PolicyKind.values()).map(kind -> named(kind.form(), () -> kind.make("x", INPUTS))),
                Stream.of(named("round robin, bounded", RoundRobin::new)));
    }

    /** Each policy within groups that the function makes. */
    static Stream<Named<Supplier<PickPolicy>>> nearestFirst(ToIntFunction<Upstream> nearness) {
        return all().map(policy ->
                named(policy.getName() + ", nearest first", () -> new NearestFirst(nearness, policy.getPayload(), 2)));
    }

    /** Those that go by a cursor, shortly before it overflows. */
    static Stream<Named<Supplier<PickPolicy>>> nearOverflow() {
        return Stream.of(
                named("round robin, bounded, near overflow", () -> new RoundRobin(Integer.MAX_VALUE - 2)),
                named("round robin, plain, near overflow", () -> new PlainRoundRobin(Integer.MAX_VALUE - 2)),
                named("round robin, weighted, near overflow", () -> new WeightedRoundRobin(Integer.MAX_VALUE - 2)),
                named("least in flight, near overflow", () -> new LeastInFlight(Integer.MAX_VALUE - 2)));
    }
}
