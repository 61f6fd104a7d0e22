package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The order of preference of {@link PoolSnapshot}, from tier to tier. */
class PreferenceTest {
    private final PoolUnderTest pool = new PoolUnderTest(PoolOptions.DEFAULT.withMaxInFlight(5));
    private final List<Upstream> tried = new ArrayList<>();

    @BeforeEach
    void one_of_each_kind() {
        pool.view(
                instance("critical", 1, Health.CRITICAL, "down"),
                instance("ejected", 2),
                instance("ready", 3),
                instance("stalled", 4),
                instance("upgraded", 5, Health.MAINTENANCE, "upgrade"));
        pool.attempts("ejected", 1, Outcome.CONNECT_FAILED);
        pool.get("stalled").begin();
        pool.get("stalled").begin();
        for (int i = 0; i < 6; i++) {
            Attempt attempt = pool.get("ready").begin();
            attempt.responseBegan(Outcome.RESPONDED);
            attempt.end(Outcome.RESPONDED);
        }
    }

    @Test
    void the_ready_one_then_the_stalled_one_then_those_that_do_not_look_healthy_then_none() {
        assertThat(next(false)).isEqualTo("ready");
        assertThat(next(false)).isEqualTo("stalled");
        assertThat(next(false)).isEqualTo("ejected");
        assertThat(next(false)).isEqualTo("critical");
        assertThat(next(false)).isNull();
    }

    @Test
    void one_that_was_tried_comes_last_and_only_if_a_request_may_go_there_again() {
        tried.addAll(List.of(pool.get("ready"), pool.get("stalled"), pool.get("ejected")));

        assertThat(next(true)).isEqualTo("critical");
        assertThat(next(false)).isNull();
        assertThat(next(true)).isEqualTo("ready");
    }

    @Test
    void one_that_is_full_is_not_tried_again() {
        tried.addAll(pool.now().upstreams());
        for (int i = 0; i < 5; i++) {
            pool.get("ready").begin();
        }

        assertThat(next(true)).isEqualTo("stalled");
    }

    private @Nullable String next(boolean orAgain) {
        Attempt attempt = pool.now().begin(tried, RequestFacts.NONE, orAgain);
        if (attempt == null) {
            return null;
        }
        attempt.end(Outcome.UNDECIDED);
        tried.add(attempt.upstream());
        return attempt.upstream().key().id();
    }
}
