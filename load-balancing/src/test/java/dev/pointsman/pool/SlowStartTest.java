package dev.pointsman.pool;

import static dev.pointsman.pool.Instances.instance;
import static dev.pointsman.pool.Instances.withMeta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Instance;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlowStartTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final PoolUnderTest pool = new PoolUnderTest(PoolOptions.DEFAULT.withSlowStart(MINUTE));

    @Test
    void the_share_of_a_fresh_one_rises_from_a_tenth_to_all_of_it() {
        pool.view(startedAgo("old", Duration.ofHours(1)), startedAgo("fresh", Duration.ZERO));
        assertThat(weightNow("old")).isEqualTo(100);
        assertThat(weightNow("fresh")).isEqualTo(10);

        pool.time.passSeconds(30);
        assertThat(weightNow("fresh")).isEqualTo(55);

        pool.time.passSeconds(30);
        assertThat(weightNow("fresh")).isEqualTo(100);
        assertThat(pool.get("fresh").takesTurn()).isTrue();
    }

    @Test
    void what_has_run_for_long_is_warm_from_the_first_view_on() {
        pool.view(startedAgo("old", Duration.ofHours(1)), startedAgo("half", Duration.ofSeconds(30)));

        assertThat(weightNow("old")).isEqualTo(100);
        assertThat(weightNow("half")).isEqualTo(55);
    }

    @Test
    void the_start_may_also_be_given_in_milliseconds() {
        long started = pool.time.instant().minusSeconds(30).toEpochMilli();
        pool.view(startedAgo("old", Duration.ofHours(1)), started("millis", Long.toString(started)));

        assertThat(weightNow("millis")).isEqualTo(55);
    }

    @Test
    void one_that_does_not_say_when_it_started_is_fresh_when_it_joins_later_and_old_when_it_was_there_before() {
        pool.view(instance("there", 1), started("odd", "yesterday"));
        assertThat(weightNow("there")).isEqualTo(100);
        assertThat(weightNow("odd")).isEqualTo(100);

        pool.view(instance("there", 1), instance("later", 2));

        assertThat(weightNow("later")).isEqualTo(10);
    }

    @Test
    void an_instance_whose_clock_is_ahead_warms_up_from_when_it_was_first_seen() {
        pool.view(startedAgo("old", Duration.ofHours(1)), startedAgo("ahead", Duration.ofHours(-5)));
        assertThat(weightNow("ahead")).isEqualTo(10);

        pool.time.passSeconds(60);

        assertThat(weightNow("ahead")).isEqualTo(100);
    }

    @Test
    void a_pool_of_which_all_is_fresh_shares_evenly() {
        pool.view(startedAgo("one", Duration.ZERO), startedAgo("two", Duration.ZERO));

        assertThat(weightNow("one")).isEqualTo(100);
        assertThat(weightNow("two")).isEqualTo(100);
    }

    @Test
    void a_process_that_was_started_anew_is_fresh_again() {
        pool.view(startedAgo("old", Duration.ofHours(1)), startedAgo("again", Duration.ofHours(1)));
        pool.time.passSeconds(600);

        pool.view(startedAgo("old", Duration.ofHours(1)), startedAgo("again", Duration.ZERO));

        assertThat(weightNow("again")).isEqualTo(10);
    }

    @Test
    void it_is_off_unless_asked_for() {
        PoolUnderTest plain = new PoolUnderTest(PoolOptions.DEFAULT);
        plain.view(instance("there", 1));
        plain.view(instance("there", 1), instance("later", 2));

        assertThat(plain.get("later").weightNow()).isEqualTo(100);
    }

    private int weightNow(String id) {
        return pool.get(id).weightNow();
    }

    private Instance startedAgo(String id, Duration ago) {
        return started(id, pool.time.instant().minus(ago).toString());
    }

    private static Instance started(String id, String started) {
        return withMeta(id, 1, Map.of("started", started));
    }
}
