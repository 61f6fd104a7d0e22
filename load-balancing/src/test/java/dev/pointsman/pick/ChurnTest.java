package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.PoolStatistics;
import dev.pointsman.pool.PoolOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A day of a service whose instances come, go, fail, hang and recover, in seconds. */
@Timeout(120)
class ChurnTest {
    private static final byte[] SECRET = "a secret of some length".getBytes(StandardCharsets.UTF_8);

    static Stream<Named<Supplier<PickPolicy>>> policies() {
        return Stream.of(
                named("round robin, bounded", RoundRobin::new),
                named("round robin, plain", PlainRoundRobin::new),
                named("round robin, weighted", WeightedRoundRobin::new),
                named("least in flight", LeastInFlight::new),
                named("two choices", () -> new TwoChoices(12345)),
                named("random", () -> new WeightedRandom(12345)),
                named("hash", () -> new Rendezvous(HashKey.clientAddress())),
                named("sticky", () -> new Sticky("x", SECRET, new RoundRobin())));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void a_day_of_churn_keeps_every_promise(Supplier<PickPolicy> policy) {
        ChurnSimulation day = new ChurnSimulation(policy.get(), PoolOptions.DEFAULT, 20_261_121);

        day.run();

        assertThat(day.broken()).as("broken promises").isEmpty();
        assertThat(day.unserved())
                .as("requests that nobody served although someone could")
                .isZero();
        assertThatItWasWorthIt(day);
        assertThatNothingIsLeft(day);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void so_does_a_day_with_limits_and_slow_starts(Supplier<PickPolicy> policy) {
        PoolOptions options = PoolOptions.DEFAULT.withMaxInFlight(10).withSlowStart(Duration.ofSeconds(60));
        ChurnSimulation day = new ChurnSimulation(policy.get(), options, 42);

        day.run();

        assertThat(day.broken()).as("broken promises").isEmpty();
        assertThat(day.unserved())
                .as("requests that nobody served although someone had room")
                .isZero();
        assertThatItWasWorthIt(day);
        assertThatNothingIsLeft(day);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void the_same_seed_gives_the_same_day(Supplier<PickPolicy> policy) {
        ChurnSimulation one = new ChurnSimulation(policy.get(), PoolOptions.DEFAULT, 7);
        ChurnSimulation other = new ChurnSimulation(policy.get(), PoolOptions.DEFAULT, 7);

        one.run();
        other.run();

        assertThat(other.pool().statistics()).isEqualTo(one.pool().statistics());
    }

    private static void assertThatItWasWorthIt(ChurnSimulation day) {
        assertThat(day.requests()).isGreaterThan(150_000);
        assertThat(day.changes()).isGreaterThan(1_000);
        PoolStatistics counts = day.pool().statistics();
        assertThat(counts.ejections()).isGreaterThan(50);
        assertThat(counts.suppressedEjections()).isPositive();
        assertThat(counts.failOpenPicks()).isPositive();
    }

    private static void assertThatNothingIsLeft(ChurnSimulation day) {
        day.finish();
        assertThat(day.pool().statistics().inFlight())
                .as("in flight when all is over")
                .isZero();
        assertThat(day.seen()).allSatisfy(upstream -> assertThat(upstream.inFlight())
                .as("in flight on %s", upstream)
                .isZero());
    }
}
