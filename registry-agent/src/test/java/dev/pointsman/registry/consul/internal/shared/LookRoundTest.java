package dev.pointsman.registry.consul.internal.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookRoundTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final LookRound round = new LookRound();

    private List<String> looks(int seconds, Duration length) {
        List<String> all = new ArrayList<>();
        for (int n = 0; n < seconds; n++) {
            all.addAll(round.next(SECOND, length));
        }
        return all;
    }

    @Test
    void each_service_has_its_turn_once_a_round_however_long_it_is() {
        IntStream.range(0, 90).forEach(n -> round.add("s" + n));
        assertThat(looks(60, MINUTE)).hasSize(90).doesNotHaveDuplicates();
        assertThat(looks(600, MINUTE.multipliedBy(10))).hasSize(90).doesNotHaveDuplicates();
    }

    @Test
    void looks_are_spread_evenly() {
        IntStream.range(0, 90).forEach(n -> round.add("s" + n));
        for (int second = 0; second < 60; second++) {
            assertThat(round.next(SECOND, MINUTE)).hasSizeBetween(1, 2);
        }
    }

    @Test
    void one_service_has_a_turn_a_round_and_none_is_none() {
        assertThat(looks(100, MINUTE)).isEmpty();
        round.add("only");
        assertThat(looks(120, MINUTE)).containsExactly("only", "only");
        round.remove("only");
        assertThat(looks(100, MINUTE)).isEmpty();
    }
}
