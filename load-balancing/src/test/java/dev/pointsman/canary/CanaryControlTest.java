package dev.pointsman.canary;

import static dev.pointsman.canary.CanaryEvent.CanaryEventKind.ABORTED;
import static dev.pointsman.canary.CanaryEvent.CanaryEventKind.READMITTED;
import static dev.pointsman.canary.CanaryEvent.CanaryEventKind.SHARE;
import static dev.pointsman.canary.CanaryEvent.CanaryEventKind.STARTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.registry.Health;
import dev.pointsman.testkit.ManualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What becomes of a canary in the course of time, by one balancer and by several. */
class CanaryControlTest {
    private static final CanaryOptions RAMPED =
            new CanaryOptions(UserKey.ADDRESS, CanaryRamp.parse("5%,20%,50%,100% every 10m"), 0.01, 2, 200);
    private static final CanaryOptions SOON = new CanaryOptions(UserKey.ADDRESS, null, 0.01, 2, 50);

    private static CanaryService with(CanaryOptions options) {
        return with(options, CanaryAgreement.ALONE, new ManualTime());
    }

    private static CanaryService with(CanaryOptions options, CanaryAgreement agreement, ManualTime time) {
        return new CanaryService(options, PoolOptions.REGISTRY_ONLY, agreement, time)
                .list("old1")
                .list("new1", "version=v2", "canary=50%");
    }

    /** Requests of many users, of which those at the given instances fail. */
    private static void requests(CanaryService service, int count, Predicate<String> fail) {
        for (int i = 0; i < count; i++) {
            Attempt attempt = Objects.requireNonNull(service.begin(CanaryService.user(i)));
            boolean fails = fail.test(attempt.upstream().key().id());
            Outcome outcome = Outcome.ofStatus(fails ? 503 : 200);
            attempt.responseBegan(outcome);
            attempt.end(outcome);
        }
        service.control.tick();
    }

    private static String share(CanaryService service) {
        return service.control.views().get(0).share();
    }

    private static List<CanaryEvent.CanaryEventKind> kinds(CanaryService service) {
        return service.events.stream().map(CanaryEvent::kind).toList();
    }

    @Test
    void a_ramp_goes_up_step_by_step_from_when_the_version_is_first_seen() {
        CanaryService service = with(RAMPED);
        List<String> shares = new ArrayList<>();
        for (int minute = 0; minute <= 40; minute += 5) {
            service.control.tick();
            shares.add(share(service));
            service.time.passSeconds(300);
        }

        assertThat(shares).containsExactly("5%", "5%", "20%", "20%", "50%", "50%", "100%", "100%", "100%");
        assertThat(kinds(service)).containsExactly(STARTED, SHARE, SHARE, SHARE);
    }

    @Test
    void a_ramp_does_not_go_up_while_the_canary_cannot_serve_or_is_held_at_zero_by_its_tag() {
        CanaryService service = with(RAMPED);
        service.list(CanaryService.instance("new1", Health.CRITICAL, "version=v2", "canary=50%"));
        service.time.passSeconds(900);
        service.control.tick();
        assertThat(share(service)).isEqualTo("5%");

        service.list("new1", "version=v2", "canary=0%");
        service.control.tick();
        assertThat(share(service)).isEqualTo("0%");

        service.list("new1", "version=v2", "canary=50%");
        service.control.tick();
        assertThat(share(service)).isEqualTo("20%");
    }

    @Test
    void a_canary_that_does_worse_loses_all_users_and_is_held_there_until_it_is_readmitted() {
        CanaryService service = with(SOON);
        requests(service, 400, id -> id.startsWith("new"));

        assertThat(share(service)).isEqualTo("0%");
        assertThat(service.share("old", 1000)).isEqualTo(1);
        CanaryEvent abort = service.events.get(1);
        assertThat(abort.kind()).isEqualTo(ABORTED);
        assertThat(abort.reason()).matches("100.0 % of its [0-9]+ requests failed .* of the others' [0-9]+ 0.0 %");

        requests(service, 400, id -> false);
        service.remove("new1").list("new1", "version=v2", "canary=50%");
        assertThat(share(service)).isEqualTo("0%");

        assertThat(service.control.readmit("v1")).isFalse();
        assertThat(service.control.readmit("v2")).isTrue();
        requests(service, 400, id -> false);
        assertThat(share(service)).isEqualTo("50%");
        assertThat(kinds(service))
                .contains(READMITTED)
                .filteredOn(ABORTED::equals)
                .hasSize(1);
    }

    @Test
    void an_aborted_canary_goes_no_step_further_and_begins_anew_when_it_is_readmitted() {
        CanaryService service =
                with(new CanaryOptions(UserKey.ADDRESS, CanaryRamp.parse("40%,50% every 10m"), 0.01, 2, 50));
        service.time.passSeconds(700);
        service.control.tick();
        assertThat(share(service)).isEqualTo("50%");
        requests(service, 400, id -> id.startsWith("new"));
        service.time.passSeconds(700);
        service.control.tick();
        assertThat(share(service)).isEqualTo("0%");

        service.control.readmit("v2");

        assertThat(share(service)).isEqualTo("40%");
    }

    @Test
    void another_version_is_another_trial() {
        CanaryService service = with(SOON);
        requests(service, 400, id -> id.startsWith("new"));

        service.list("new1", "version=v3", "canary=50%");

        assertThat(share(service)).isEqualTo("50%");
    }

    @Test
    void a_fault_that_all_share_aborts_no_canary() {
        CanaryService service = with(SOON);

        requests(service, 2_000, id -> true);

        assertThat(share(service)).isEqualTo("50%");
    }

    /** What several balancers agree on, handed on at once. */
    private static final class Shared implements CanaryAgreement {
        private final Map<String, CanaryState> states = new HashMap<>();
        private final List<Consumer<Map<String, CanaryState>>> listeners = new ArrayList<>();

        @Override
        public AgreedTarget follow(String target, Consumer<Map<String, CanaryState>> listener) {
            listeners.add(listener);
            listener.accept(Map.copyOf(states));
            return () -> listeners.remove(listener);
        }

        @Override
        public void propose(String target, Map<String, CanaryState> proposed) {
            Map<String, CanaryState> before = Map.copyOf(states);
            proposed.forEach((version, state) -> states.merge(version, state, CanaryState::with));
            if (!before.equals(states)) {
                new ArrayList<>(listeners).forEach(listener -> listener.accept(Map.copyOf(states)));
            }
        }
    }

    @Test
    void balancers_agree_on_the_step_and_on_an_abort_and_one_that_starts_later_too() {
        Shared shared = new Shared();
        ManualTime time = new ManualTime();
        CanaryOptions options = new CanaryOptions(UserKey.ADDRESS, CanaryRamp.parse("40%,50% every 10m"), 0.01, 2, 50);
        CanaryService one = with(options, shared, time);
        CanaryService other = with(options, shared, time);
        time.passSeconds(700);
        one.control.tick();
        assertThat(share(other)).isEqualTo("50%");

        requests(one, 400, id -> id.startsWith("new"));
        assertThat(share(other)).isEqualTo("0%");
        assertThat(other.events.get(other.events.size() - 1).reason())
                .startsWith("another balancer found: 100.0 % of its");

        assertThat(share(with(options, shared, time))).isEqualTo("0%");

        other.control.readmit("v2");
        assertThat(share(one)).isEqualTo("40%");
    }

    @Test
    void a_canary_waits_to_hear_what_others_know_and_not_for_ever() {
        CanaryAgreement silent = new CanaryAgreement() {
            @Override
            public AgreedTarget follow(String target, Consumer<Map<String, CanaryState>> listener) {
                return () -> {};
            }

            @Override
            public void propose(String target, Map<String, CanaryState> states) {
                // Nobody hears it.
            }
        };
        ManualTime time = new ManualTime();
        CanaryService service = with(SOON, silent, time);
        assertThat(share(service)).isEqualTo("0%");

        time.pass(CanaryControl.HEARING);
        service.control.tick();

        assertThat(share(service)).isEqualTo("50%");
    }

    @Test
    void ramps_are_read_and_written() {
        assertThat(String.valueOf(CanaryRamp.parse("5%,20%, 50% ,100%  every 90s")))
                .isEqualTo("5%,20%,50%,100% every 90s");
        assertThat(CanaryRamp.parse("5%,20%")).isNull();
        assertThat(CanaryRamp.parse("20%,5% every 10m")).isNull();
        assertThat(CanaryRamp.parse("5 every 10m")).isNull();
        assertThat(CanaryRamp.parse("5% every 0s")).isNull();
    }
}
