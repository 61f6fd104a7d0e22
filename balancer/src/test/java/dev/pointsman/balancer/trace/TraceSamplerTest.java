package dev.pointsman.balancer.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pointsman.balancer.config.TraceSampling;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceSamplerTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Traceparent SAMPLED = new Traceparent(TRACE, "00f067aa0ba902b7", true);
    private static final Traceparent NOT_SAMPLED = new Traceparent(TRACE, "00f067aa0ba902b7", false);

    private final TraceIds ids = new TraceIds(new SplittableRandom(42)::nextLong);

    @Test
    void the_parent_decides_where_there_is_one() {
        assertThat(new TraceSampler(new TraceSampling(true, 0)).records(SAMPLED, TRACE))
                .isTrue();
        assertThat(new TraceSampler(new TraceSampling(true, 1)).records(NOT_SAMPLED, TRACE))
                .isFalse();
    }

    @Test
    void it_does_not_where_the_ratio_alone_counts() {
        assertThat(new TraceSampler(new TraceSampling(false, 0)).records(SAMPLED, TRACE))
                .isFalse();
        assertThat(new TraceSampler(new TraceSampling(false, 1)).records(NOT_SAMPLED, TRACE))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.5, 1})
    void of_new_traces_as_many_are_recorded_as_the_ratio_says(double ratio) {
        TraceSampler sampler = new TraceSampler(new TraceSampling(true, ratio));

        long recorded = IntStream.range(0, 20_000)
                .filter(i -> sampler.records(null, ids.traceId()))
                .count();

        assertThat(recorded / 20_000.0).isEqualTo(ratio, within(ratio == 0 || ratio == 1 ? 0 : 0.01));
    }

    @Test
    void two_balancers_record_the_same_traces() {
        TraceSampler one = new TraceSampler(new TraceSampling(false, 0.3));
        TraceSampler other = new TraceSampler(new TraceSampling(true, 0.3));

        for (int i = 0; i < 1000; i++) {
            String traceId = ids.traceId();
            assertThat(one.records(SAMPLED, traceId)).isEqualTo(other.records(null, traceId));
        }
    }
}
