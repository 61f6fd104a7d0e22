package dev.pointsman.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.agent.Upkeep.Ask;
import dev.pointsman.agent.Upkeep.State;
import dev.pointsman.agent.Upkeep.Step;
import dev.pointsman.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class UpkeepTest {
    private static final RandomGenerator MOST = fixed(Math.nextDown(1.0));
    private static final RandomGenerator LEAST = fixed(0);

    private final Upkeep upkeep = new Upkeep(Pace.DEFAULT, MOST);

    @Test
    void it_registers_first_and_then_only_looks() {
        assertThat(upkeep.ask()).isEqualTo(Ask.REGISTER);
        assertNews(upkeep.registered(), State.NEW, State.REGISTERED);
        for (int i = 0; i < 3; i++) {
            assertThat(upkeep.ask()).isEqualTo(Ask.LOOK);
            assertThat(upkeep.looked(true).isNews()).isFalse();
        }
    }

    @Test
    void a_service_that_the_registry_forgot_is_registered_again_at_once() {
        upkeep.registered();
        Step forgotten = upkeep.looked(false);
        assertNews(forgotten, State.REGISTERED, State.MISSING);
        assertThat(forgotten.pause()).isZero();
        assertThat(upkeep.ask()).isEqualTo(Ask.REGISTER);
        assertNews(upkeep.registered(), State.MISSING, State.REGISTERED);
    }

    @Test
    void after_an_outage_it_looks_before_it_registers_so_as_not_to_disturb_what_is_there() {
        upkeep.registered();
        assertNews(upkeep.failed(Kind.UNREACHABLE), State.REGISTERED, State.AWAY);
        assertThat(upkeep.ask()).isEqualTo(Ask.LOOK);
        assertNews(upkeep.looked(true), State.AWAY, State.REGISTERED);
    }

    @Test
    void a_registration_whose_answer_was_lost_is_sent_again() {
        upkeep.failed(Kind.UNREACHABLE);
        assertThat(upkeep.ask()).isEqualTo(Ask.REGISTER);
    }

    @Test
    void a_forgotten_service_whose_registration_fails_goes_on_trying_to_register() {
        upkeep.registered();
        upkeep.looked(false);
        assertNews(upkeep.failed(Kind.UNAVAILABLE), State.MISSING, State.AWAY);
        assertThat(upkeep.ask()).isEqualTo(Ask.REGISTER);
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "REJECTED")
    void an_outage_is_news_once_however_long_it_lasts(Kind kind) {
        assertNews(upkeep.failed(kind), State.NEW, State.AWAY);
        for (int i = 0; i < 100; i++) {
            assertThat(upkeep.failed(kind).isNews()).isFalse();
        }
    }

    @Test
    void the_wait_doubles_up_to_two_seconds_and_starts_anew_after_a_success() {
        for (int millis : new int[] {250, 500, 1000, 2000, 2000, 2000}) {
            assertThat(upkeep.failed(Kind.UNREACHABLE).pause().toNanos())
                    .isBetween(
                            Duration.ofMillis(millis).toNanos() - 1000,
                            Duration.ofMillis(millis).toNanos());
        }
        upkeep.registered();
        assertThat(upkeep.failed(Kind.UNREACHABLE).pause()).isLessThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void the_jitter_is_full() {
        assertThat(new Upkeep(Pace.DEFAULT, LEAST).failed(Kind.UNREACHABLE).pause())
                .isZero();
    }

    @Test
    void the_wait_stays_in_its_bounds_for_ever() {
        Upkeep long_away = new Upkeep(Pace.DEFAULT, new SplittableRandom(7));
        for (int i = 0; i < 10_000; i++) {
            assertThat(long_away.failed(Kind.UNREACHABLE).pause()).isBetween(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    @Test
    void a_refusal_is_retried_slowly_and_an_outage_after_it_quickly() {
        Step refused = upkeep.failed(Kind.REJECTED);
        assertNews(refused, State.NEW, State.REFUSED);
        assertThat(refused.pause()).isGreaterThan(Duration.ofSeconds(20));
        Step away = upkeep.failed(Kind.UNREACHABLE);
        assertNews(away, State.REFUSED, State.AWAY);
        assertThat(away.pause()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void looks_are_about_a_second_apart_and_not_in_step() {
        assertThat(upkeep.registered().pause()).isBetween(Duration.ofMillis(1249), Duration.ofMillis(1250));
        assertThat(new Upkeep(Pace.DEFAULT, LEAST).registered().pause()).isEqualTo(Duration.ofMillis(750));
    }

    private static void assertNews(Step step, State from, State to) {
        assertThat(step.isNews()).isTrue();
        assertThat(step.from()).isEqualTo(from);
        assertThat(step.to()).isEqualTo(to);
    }

    private static RandomGenerator fixed(double value) {
        return new RandomGenerator() {
            @Override
            public double nextDouble() {
                return value;
            }

            @Override
            public long nextLong() {
                throw new UnsupportedOperationException("only doubles are drawn here");
            }
        };
    }
}
