package dev.pointsman.pick;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolStatistics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A day of a service whose instances come, go, fail, hang and recover, in seconds. */
@Timeout(120)
class ChurnTest {
    /** One of each class: which part of a request is hashed makes no difference here. */
    static Stream<Named<Supplier<PickPolicy>>> policies() {
        Set<Class<?>> seen = new HashSet<>();
        return TestPolicies.all()
                .filter(policy -> seen.add(policy.getPayload().get().getClass()));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void a_day_of_churn_keeps_every_promise_and_the_same_seed_gives_the_same_day(Supplier<PickPolicy> policy) {
        ChurnSimulation day = new ChurnSimulation(policy.get(), PoolOptions.DEFAULT, 20_261_121);
        ChurnSimulation again = new ChurnSimulation(policy.get(), PoolOptions.DEFAULT, 20_261_121);

        day.run();
        again.run();

        assertThat(day.broken()).as("broken promises").isEmpty();
        assertThat(day.unserved())
                .as("requests that no upstream served although one could")
                .isZero();
        assertThat(again.pool().statistics())
                .as("the same day again")
                .isEqualTo(day.pool().statistics());
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
                .as("requests that no upstream served although one had room")
                .isZero();
        assertThatItWasWorthIt(day);
        assertThatNothingIsLeft(day);
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
