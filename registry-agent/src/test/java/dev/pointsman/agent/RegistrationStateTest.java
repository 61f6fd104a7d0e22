package dev.pointsman.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.agent.RegistrationState.RegistrationStatus;
import dev.pointsman.agent.RegistrationState.RegistryRequest;
import dev.pointsman.agent.RegistrationState.Transition;
import dev.pointsman.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RegistrationStateTest {
    private static final RandomGenerator MOST = fixed(Math.nextDown(1.0));
    private static final RandomGenerator LEAST = fixed(0);

    private final RegistrationState state = new RegistrationState(RetryPacing.DEFAULT, MOST);

    @Test
    void it_registers_first_and_then_only_checks() {
        assertThat(state.next()).isEqualTo(RegistryRequest.REGISTER);
        assertNews(state.registered(), RegistrationStatus.NEW, RegistrationStatus.REGISTERED);
        for (int i = 0; i < 3; i++) {
            assertThat(state.next()).isEqualTo(RegistryRequest.CHECK);
            assertThat(state.found(true).isNews()).isFalse();
        }
    }

    @Test
    void a_service_that_the_registry_forgot_is_registered_again_at_once() {
        state.registered();
        Transition forgotten = state.found(false);
        assertNews(forgotten, RegistrationStatus.REGISTERED, RegistrationStatus.MISSING);
        assertThat(forgotten.pause()).isZero();
        assertThat(state.next()).isEqualTo(RegistryRequest.REGISTER);
        assertNews(state.registered(), RegistrationStatus.MISSING, RegistrationStatus.REGISTERED);
    }

    @Test
    void after_an_outage_it_checks_before_it_registers_so_as_not_to_disturb_what_is_there() {
        state.registered();
        assertNews(state.failed(Kind.UNREACHABLE), RegistrationStatus.REGISTERED, RegistrationStatus.UNAVAILABLE);
        assertThat(state.next()).isEqualTo(RegistryRequest.CHECK);
        assertNews(state.found(true), RegistrationStatus.UNAVAILABLE, RegistrationStatus.REGISTERED);
    }

    @Test
    void a_registration_whose_response_was_lost_is_sent_again() {
        state.failed(Kind.UNREACHABLE);
        assertThat(state.next()).isEqualTo(RegistryRequest.REGISTER);
    }

    @Test
    void a_forgotten_service_whose_registration_fails_goes_on_trying_to_register() {
        state.registered();
        state.found(false);
        assertNews(state.failed(Kind.UNAVAILABLE), RegistrationStatus.MISSING, RegistrationStatus.UNAVAILABLE);
        assertThat(state.next()).isEqualTo(RegistryRequest.REGISTER);
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, mode = Mode.EXCLUDE, names = "REJECTED")
    void an_outage_is_news_once_however_long_it_lasts(Kind kind) {
        assertNews(state.failed(kind), RegistrationStatus.NEW, RegistrationStatus.UNAVAILABLE);
        for (int i = 0; i < 100; i++) {
            assertThat(state.failed(kind).isNews()).isFalse();
        }
    }

    @Test
    void the_wait_doubles_up_to_two_seconds_and_starts_anew_after_a_success() {
        for (int millis : new int[] {250, 500, 1000, 2000, 2000, 2000}) {
            assertThat(state.failed(Kind.UNREACHABLE).pause().toNanos())
                    .isBetween(
                            Duration.ofMillis(millis).toNanos() - 1000,
                            Duration.ofMillis(millis).toNanos());
        }
        state.registered();
        assertThat(state.failed(Kind.UNREACHABLE).pause()).isLessThanOrEqualTo(Duration.ofMillis(250));
    }

    @Test
    void the_jitter_is_full() {
        assertThat(new RegistrationState(RetryPacing.DEFAULT, LEAST)
                        .failed(Kind.UNREACHABLE)
                        .pause())
                .isZero();
    }

    @Test
    void the_wait_stays_in_its_bounds_for_ever() {
        RegistrationState long_away = new RegistrationState(RetryPacing.DEFAULT, new SplittableRandom(7));
        for (int i = 0; i < 10_000; i++) {
            assertThat(long_away.failed(Kind.UNREACHABLE).pause()).isBetween(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    @Test
    void a_refusal_is_retried_slowly_and_an_outage_after_it_quickly() {
        Transition refused = state.failed(Kind.REJECTED);
        assertNews(refused, RegistrationStatus.NEW, RegistrationStatus.REJECTED);
        assertThat(refused.pause()).isGreaterThan(Duration.ofSeconds(20));
        Transition away = state.failed(Kind.UNREACHABLE);
        assertNews(away, RegistrationStatus.REJECTED, RegistrationStatus.UNAVAILABLE);
        assertThat(away.pause()).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void checks_are_about_a_second_apart_and_not_in_step() {
        assertThat(state.registered().pause()).isBetween(Duration.ofMillis(1249), Duration.ofMillis(1250));
        assertThat(new RegistrationState(RetryPacing.DEFAULT, LEAST)
                        .registered()
                        .pause())
                .isEqualTo(Duration.ofMillis(750));
    }

    private static void assertNews(Transition step, RegistrationStatus from, RegistrationStatus to) {
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
