package dev.pointsman.registry.consul.internal.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import dev.pointsman.registry.consul.internal.query.BlockingQuery.PauseQuery;
import dev.pointsman.registry.consul.internal.query.BlockingQuery.QueryStep;
import dev.pointsman.registry.consul.internal.query.BlockingQuery.SendQuery;
import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockingQueryTest {
    private static final Duration WAIT = Duration.ofSeconds(55);

    private final ManualTime time = new ManualTime();
    private final BlockingQuery query = query(new SplittableRandom(1));

    private BlockingQuery query(RandomGenerator random) {
        return new BlockingQuery(QueryMode.WATCH, false, () -> WAIT, time::nanos, random);
    }

    /** Always draws the highest number it may. */
    private static RandomGenerator highest() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
    }

    /** Goes on from a step to the next query, letting its pauses pass. */
    private SendQuery ask(QueryStep step) {
        QueryStep now = step;
        while (now instanceof PauseQuery pause) {
            time.pass(pause.duration());
            now = query.next();
        }
        return (SendQuery) now;
    }

    @Test
    void the_first_request_waits_for_nothing() {
        assertThat(ask(query.next()).index()).isZero();
    }

    @Test
    void each_further_request_waits_for_the_index_of_the_response_before() {
        query.next();
        time.pass(WAIT);
        assertThat(query.responded(42))
                .isEqualTo(new SendQuery(42, WAIT, WAIT.plus(WAIT.dividedBy(16)).plusSeconds(3)));
        time.pass(WAIT);
        assertThat(ask(query.responded(42)).index()).isEqualTo(42);
        time.pass(WAIT);
        assertThat(ask(query.responded(43)).index()).isEqualTo(43);
    }

    @Test
    void another_datacenter_that_is_silent_is_left_to_the_knocks_and_one_that_responds_with_an_error_is_not() {
        BlockingQuery forwarded =
                new BlockingQuery(QueryMode.WATCH, true, () -> WAIT, time::nanos, new SplittableRandom(1));
        forwarded.next();
        for (int times = 0; times < 5; times++) {
            assertThat(((PauseQuery) forwarded.failed(Kind.UNREACHABLE)).duration())
                    .isBetween(Duration.ofSeconds(25), Duration.ofSeconds(40));
            assertThat(((PauseQuery) forwarded.failed(Kind.UNAVAILABLE)).duration())
                    .isLessThanOrEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void the_timeout_leaves_room_for_the_sixteenth_that_consul_adds() {
        query.next();
        SendQuery ask = ask(query.responded(42));
        assertThat(ask.timeout()).isGreaterThan(WAIT.plus(WAIT.dividedBy(16)).plusSeconds(1));
        assertThat(ask.timeout()).isLessThan(WAIT.multipliedBy(2));
    }

    @Test
    void a_change_is_asked_for_again_without_a_pause() {
        query.next();
        for (int change = 1; change < 10; change++) {
            assertThat(query.responded(change)).isInstanceOf(SendQuery.class);
        }
    }

    @Test
    void a_long_response_takes_more_of_the_rate_than_a_short_one_and_never_more_than_some_seconds() {
        query.next();
        query.received(256 * 1024 * 10);
        assertThat(query.responded(1)).isInstanceOf(SendQuery.class);
        query.received(256 * 1024 * 10);
        assertThat(((PauseQuery) query.responded(2)).duration())
                .isBetween(Duration.ofMillis(80), Duration.ofMillis(120));
        query.received(Integer.MAX_VALUE);
        assertThat(((PauseQuery) query.next()).duration()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void an_index_above_2_to_the_63_counts_as_a_large_one() {
        long large = Long.parseUnsignedLong("18446744073709551615");
        query.next();
        query.responded(7);
        assertThat(ask(query.responded(large)).index()).isEqualTo(large);
        assertThat(query.doubtful()).isFalse();
        assertThat(ask(query.responded(8)).index()).isZero();
        assertThat(query.doubtful()).isTrue();
    }

    @Test
    void an_index_that_went_backwards_is_not_waited_for() {
        query.next();
        query.responded(229);
        assertThat(ask(query.responded(13)).index()).isZero();
        assertThat(query.doubtful()).isTrue();
        assertThat(ask(query.responded(14)).index()).isEqualTo(14);
        assertThat(query.doubtful()).isFalse();
        assertThat(query.newestIndex()).isEqualTo(14);
    }

    @Test
    void a_response_with_the_index_of_the_one_before_is_doubtful_because_a_change_would_have_raised_it() {
        query.next();
        query.responded(42);
        assertThat(query.doubtful()).isFalse();
        time.pass(WAIT);
        query.responded(42);
        assertThat(query.doubtful()).isTrue();
        query.responded(43);
        assertThat(query.doubtful()).isFalse();
    }

    @Test
    void the_index_that_an_earlier_process_had_is_not_waited_for_but_tells_a_registry_that_forgot() {
        query.seed(229);
        assertThat(ask(query.next()).index()).isZero();
        query.responded(13);
        assertThat(query.doubtful()).isTrue();
        query.responded(14);
        assertThat(query.doubtful()).isFalse();
    }

    @Test
    void an_index_of_zero_counts_as_one() {
        query.next();
        assertThat(ask(query.responded(0)).index()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void after_a_failure_the_index_starts_over_and_the_first_response_is_doubtful(Kind kind) {
        query.next();
        query.responded(55);
        assertThat(query.doubtful()).isFalse();
        assertThat(ask(query.failed(kind)).index()).isZero();
        ask(query.failed(Kind.UNAVAILABLE));
        // Higher than before: a restarted registry may have got that far already.
        query.responded(56);
        assertThat(query.doubtful()).isTrue();
        query.responded(57);
        assertThat(query.doubtful()).isFalse();
    }

    @Test
    void pauses_after_failures_double_up_to_one_second_while_there_is_no_response() {
        BlockingQuery unlucky = query(highest());
        assertThat(pauses(7, n -> unlucky.failed(Kind.UNREACHABLE)))
                .containsExactly(250L, 500L, 1000L, 1000L, 1000L, 1000L, 1000L);
    }

    @Test
    void pauses_after_failures_double_up_to_three_seconds_while_it_refuses() {
        BlockingQuery unlucky = query(highest());
        assertThat(pauses(7, n -> unlucky.failed(Kind.UNAVAILABLE)))
                .containsExactly(250L, 500L, 1000L, 2000L, 3000L, 3000L, 3000L);
    }

    @Test
    void the_first_response_gets_six_seconds() {
        assertThat(ask(query.next()).timeout()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void a_consul_that_is_not_heard_gets_more_time_with_each_attempt_up_to_twelve_seconds() {
        query.next();
        query.responded(42);
        assertThat(ask(query.failed(Kind.UNREACHABLE)).timeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(ask(query.failed(Kind.UNREACHABLE)).timeout()).isEqualTo(Duration.ofSeconds(12));
        assertThat(ask(query.failed(Kind.UNREACHABLE)).timeout()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void pauses_do_not_overflow_after_days_of_failures() {
        BlockingQuery unlucky = query(highest());
        assertThat(pauses(100_000, n -> unlucky.failed(Kind.UNREACHABLE)).subList(2, 100_000))
                .containsOnly(1000L);
    }

    @Test
    void a_registry_that_begins_to_respond_with_errors_is_not_made_to_wait_for_the_failures_before() {
        BlockingQuery unlucky = query(highest());
        pauses(50, n -> unlucky.failed(Kind.UNREACHABLE));
        assertThat(pauses(2, n -> unlucky.failed(Kind.UNAVAILABLE))).containsExactly(250L, 500L);
    }

    @Test
    void a_good_response_makes_the_pauses_short_again() {
        BlockingQuery unlucky = query(highest());
        pauses(50, n -> unlucky.failed(Kind.UNREACHABLE));
        unlucky.responded(1);
        assertThat(pauses(1, n -> unlucky.failed(Kind.UNREACHABLE))).containsExactly(250L);
    }

    @Test
    void two_balancers_do_not_pause_alike() {
        BlockingQuery one = query(new SplittableRandom(1));
        BlockingQuery other = query(new SplittableRandom(2));
        assertThat(pauses(10, n -> one.failed(Kind.UNREACHABLE)))
                .isNotEqualTo(pauses(10, n -> other.failed(Kind.UNREACHABLE)))
                .allSatisfy(millis -> assertThat(millis).isBetween(0L, 1000L));
    }

    private static List<Long> pauses(int times, Function<Integer, QueryStep> failure) {
        List<Long> pauses = new ArrayList<>();
        for (int n = 0; n < times; n++) {
            pauses.add(((PauseQuery) failure.apply(n)).duration().toMillis());
        }
        return pauses;
    }

    @Test
    void a_registry_that_responds_at_once_without_a_change_is_asked_about_once_a_second() {
        assertThat(requestsInTenSeconds(n -> 7L)).isBetween(8, 16);
    }

    @Test
    void a_registry_whose_index_is_always_zero_is_asked_about_once_a_second() {
        assertThat(requestsInTenSeconds(n -> 0L)).isBetween(8, 16);
    }

    @Test
    void a_registry_that_responds_at_once_with_ever_new_indexes_is_asked_25_times_a_second_after_a_burst() {
        assertThat(requestsInTenSeconds(n -> n)).isBetween(240, 272);
    }

    @Test
    void a_registry_whose_index_jumps_to_and_fro_does_not_make_a_hot_loop() {
        assertThat(requestsInTenSeconds(n -> n % 2 == 0 ? 5L : 90L)).isBetween(50, 272);
    }

    /** How often is asked if every response comes within a millisecond. */
    private int requestsInTenSeconds(Function<Long, Long> indexes) {
        long end = time.nanos() + Duration.ofSeconds(10).toNanos();
        int requests = 0;
        QueryStep step = query.next();
        while (end - time.nanos() > 0) {
            ask(step);
            requests++;
            time.pass(Duration.ofMillis(1));
            step = query.responded(indexes.apply((long) requests));
        }
        return requests;
    }

    @Test
    void after_a_quiet_time_a_burst_is_followed_at_once_again() {
        requestsInTenSeconds(n -> n);
        time.pass(Duration.ofSeconds(2));
        for (int change = 1; change <= 20; change++) {
            assertThat(query.responded(10_000 + change)).as("change %s", change).isInstanceOf(SendQuery.class);
        }
        assertThat(query.responded(10_021)).isInstanceOf(PauseQuery.class);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "abc", "-1", "+1", "1.5", "0x1f", "18446744073709551616", "1 2", "999999999999999999999"})
    void what_is_no_unsigned_64_bit_number_is_refused_as_an_index(String header) {
        assertThatThrownBy(() -> BlockingQuery.parseIndex(header))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.MALFORMED))
                .hasMessageContaining("X-Consul-Index");
    }

    @Test
    void every_unsigned_64_bit_number_is_taken_as_an_index() throws RegistryException {
        assertThat(BlockingQuery.parseIndex("0")).isZero();
        assertThat(BlockingQuery.parseIndex(" 14 ")).isEqualTo(14);
        assertThat(BlockingQuery.parseIndex("8962310355646873176")).isEqualTo(8962310355646873176L);
        assertThat(BlockingQuery.parseIndex("18446744073709551615")).isEqualTo(-1L);
    }
}
