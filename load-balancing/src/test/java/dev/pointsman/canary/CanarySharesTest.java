package dev.pointsman.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.MeasuringPicker;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.registry.Health;
import dev.pointsman.testkit.ManualTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The users that canaries get. */
class CanarySharesTest {
    private static final int USERS = 20_000;

    private static CanaryService withCanary(String share) {
        return new CanaryService().list("old1").list("old2").list("new1", "version=v2", "canary=" + share);
    }

    @Test
    void a_canary_gets_its_share_of_users_and_always_the_same_ones_on_every_balancer() {
        CanaryService one = withCanary("5%");
        CanaryService other = new CanaryService()
                .list("new1", "canary=5%", "version=v2")
                .list("old1")
                .list("old2");

        assertThat(one.share("new", USERS)).isCloseTo(0.05, within(0.005));
        assertThat(canaryUsers(one)).isEqualTo(canaryUsers(one)).isEqualTo(canaryUsers(other));
    }

    private static Set<String> canaryUsers(CanaryService service) {
        Map<String, String> served = service.served(USERS);
        served.values().removeIf(id -> !id.startsWith("new"));
        return served.keySet();
    }

    @Test
    void a_share_that_grows_keeps_the_users_that_it_has() {
        CanaryService service = withCanary("5%");
        var before = canaryUsers(service);

        service.list("new1", "version=v2", "canary=20%");

        assertThat(service.share("new", USERS)).isCloseTo(0.2, within(0.01));
        assertThat(canaryUsers(service)).containsAll(before);
        assertThat(service.events).extracting(CanaryEvent::share).containsExactly("5%", "20%");
    }

    @Test
    void of_two_canaries_neither_moves_the_other_s_users() {
        CanaryService service = withCanary("5%").list("beta", "version=v3", "canary=10%");
        assertThat(service.share("beta", USERS)).isCloseTo(0.1, within(0.01));
        Map<String, String> before = service.served(USERS);

        service.list("new1", "version=v2", "canary=30%");

        assertThat(service.served(USERS))
                .allSatisfy((user, id) -> assertThat(id.equals("beta")).isEqualTo("beta".equals(before.get(user))));
    }

    @Test
    void canaries_that_want_more_than_all_users_get_proportionally_less() {
        CanaryService service = withCanary("90%").list("beta", "version=v3", "canary=60%");

        assertThat(service.share("new", USERS)).isCloseTo(0.6, within(0.01));
        assertThat(service.share("beta", USERS)).isCloseTo(0.4, within(0.01));
    }

    @Test
    void where_instances_of_a_version_differ_the_smallest_share_counts() {
        CanaryService service = withCanary("10%").list("new2", "version=v2", "canary=50%");

        assertThat(service.share("new", USERS)).isCloseTo(0.1, within(0.01));
    }

    @Test
    void a_malformed_share_counts_as_none_and_is_said_once_for_all_pools() {
        CanaryService service = new CanaryService().list("old1").list("new1", "version=v2", "canary=five");

        assertThat(service.share("new", 1000)).isEqualTo(0.5);
        assertThat(service.control.views()).isEmpty();
        assertThat(CanaryTag.malformed(CanaryService.instance("x", Health.PASSING, "canary=101%")))
                .isEqualTo("canary=101%");
        assertThat(CanaryTag.malformed(CanaryService.instance("x", Health.PASSING, "canary=0.25%")))
                .isNull();
    }

    @Test
    void a_request_that_does_not_tell_its_user_does_not_go_to_a_canary() {
        CanaryService service = new CanaryService(
                        new CanaryOptions(Objects.requireNonNull(UserKey.parse("cookie:uid")), null, 0.01, 2, 200))
                .list("old1")
                .list("new1", "version=v2", "canary=100%");

        assertThat(service.served((String) null)).isEqualTo("old1");
        assertThat(service.served("somebody")).isEqualTo("new1");
    }

    @Test
    void a_canary_that_cannot_serve_leaves_its_users_to_the_others_and_the_other_way_round() {
        CanaryService service = withCanary("50%");

        service.list(CanaryService.instance("new1", Health.CRITICAL, "version=v2", "canary=50%"));
        assertThat(service.share("old", 1000)).isEqualTo(1);

        service.list("new1", "version=v2", "canary=50%");
        service.remove("old1").remove("old2");
        assertThat(service.share("new", 1000)).isEqualTo(1);
    }

    @Test
    void a_request_that_failed_on_the_only_canary_goes_on_to_the_others() {
        CanaryService service = new CanaryService().list("old1").list("new1", "version=v2", "canary=100%");
        Attempt first = Objects.requireNonNull(service.begin("somebody"));
        assertThat(first.upstream().key().id()).isEqualTo("new1");
        first.end(Outcome.BROKEN);

        Attempt second = Objects.requireNonNull(
                service.pool.snapshot().begin(List.of(first.upstream()), RequestFacts.NONE, false));

        assertThat(second.upstream().key().id()).isEqualTo("old1");
    }

    @Test
    void a_full_pool_does_not_overflow_into_its_canary() {
        CanaryService service = new CanaryService(
                        CanaryOptions.DEFAULT,
                        PoolOptions.DEFAULT.withMaxInFlight(1),
                        CanaryAgreement.ALONE,
                        new ManualTime())
                .list("old1")
                .list("new1", "version=v2", "canary=1%");
        String ordinary = service.served(100).entrySet().stream()
                .filter(each -> each.getValue().equals("old1"))
                .findFirst()
                .orElseThrow()
                .getKey();

        Attempt holding = Objects.requireNonNull(service.begin(ordinary));

        assertThat(service.begin(ordinary)).isNull();
        holding.end(Outcome.RESPONDED);
        assertThat(service.served(ordinary)).isEqualTo("old1");
    }

    @Test
    void a_pool_without_a_canary_counts_nothing_and_picks_as_its_policy_does() {
        CanaryService service = new CanaryService().list("old1").list("old2", "version=v2");
        assertThat(service.pool.snapshot().picker()).isNotInstanceOf(MeasuringPicker.class);

        service.list("new1", "version=v2", "canary=5%");
        assertThat(service.pool.snapshot().picker()).isInstanceOf(MeasuringPicker.class);

        service.remove("new1");
        assertThat(service.pool.snapshot().picker()).isNotInstanceOf(MeasuringPicker.class);
        assertThat(service.events)
                .extracting(CanaryEvent::kind)
                .containsExactly(CanaryEvent.CanaryEventKind.STARTED, CanaryEvent.CanaryEventKind.LEFT);
    }
}
