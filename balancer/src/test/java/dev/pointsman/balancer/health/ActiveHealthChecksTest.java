package dev.pointsman.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.balancer.route.StaticTarget;
import dev.pointsman.balancer.route.StaticUpstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.Weights;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ActiveHealthChecksTest {
    private static final HealthCheck RULE = new HealthCheck("/health");
    private static final Duration INTERVAL = RULE.interval();

    private final ManualLoop loop = new ManualLoop();
    private final ScriptedClient client = new ScriptedClient();
    private final ActiveHealthChecks checks = new ActiveHealthChecks(
            loop, client, new SplittableRandom(7), Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC));
    private final List<ServiceView> views = new ArrayList<>();

    @Test
    void before_the_first_result_an_upstream_passes_and_the_first_view_does_not_wait() {
        client.answers("a:1", 500);
        Watch watch = follow(target(1));

        assertThat(watch.firstView()).isCompleted();
        assertThat(states()).containsExactly("a:1 passing");
        assertThat(client.asked).isEmpty();
    }

    @Test
    void an_upstream_that_fails_becomes_critical_and_one_that_recovers_passes_again() {
        follow(target(1, 2));
        loop.pass(INTERVAL);
        client.answers("a:2", 500);
        loop.pass(INTERVAL.multipliedBy(2));
        assertThat(views).as("below the threshold nothing is published").hasSize(1);

        loop.pass(INTERVAL);
        assertThat(states()).containsExactly("a:1 passing", "a:2 critical");
        assertThat(newest().instances().get(1).healthReason())
                .isEqualTo("GET /health answered 500 3 times, last at 2026-03-01T10:00:00Z");

        client.answers("a:2", 200);
        loop.pass(INTERVAL);
        assertThat(states()).contains("a:2 critical");
        loop.pass(INTERVAL);
        assertThat(states()).containsExactly("a:1 passing", "a:2 passing");
        assertThat(views).hasSize(3);
    }

    @Test
    void each_is_asked_once_an_interval() {
        follow(target(1, 2, 3));
        loop.pass(INTERVAL.multipliedBy(10));

        assertThat(client.asked).hasSize(30);
        assertThat(client.asked).contains("a:1/health", "a:2/health", "a:3/health");
    }

    @Test
    void first_checks_are_spread_over_a_second() {
        int[] ports = IntStream.rangeClosed(1, 100).toArray();
        follow(target(ports));

        loop.pass(Duration.ofMillis(500));
        assertThat(client.asked.size()).isBetween(30, 70);
        loop.pass(Duration.ofMillis(500));
        assertThat(client.asked).hasSize(100);
    }

    @Test
    void an_upstream_that_is_down_is_not_checked() {
        follow(new StaticTarget(
                List.of(new StaticUpstream("a", 1, 1, true, false), new StaticUpstream("a", 2, 1, false, false))));
        loop.pass(INTERVAL.multipliedBy(3));

        assertThat(client.asked).doesNotContain("a:1/health").contains("a:2/health");
        assertThat(states()).containsExactly("a:1 maintenance", "a:2 passing");
    }

    @Test
    void the_same_upstream_under_the_same_rule_is_checked_once_for_all_who_follow_it() {
        follow(target(1));
        List<ServiceView> others = new ArrayList<>();
        checks.checked(source(target(1, 2)), RULE, UpstreamTransport.PLAIN).follow(others::add);
        loop.pass(INTERVAL);
        assertThat(client.asked.stream().filter("a:1/health"::equals)).hasSize(1);

        client.answers("a:1", 500);
        loop.pass(INTERVAL.multipliedBy(3));

        assertThat(states()).containsExactly("a:1 critical");
        assertThat(others.get(others.size() - 1).instances().get(0).health()).isEqualTo(Health.CRITICAL);
    }

    @Test
    void what_is_known_of_an_upstream_outlives_a_change_of_its_siblings_weights_and_interval() {
        client.answers("a:1", 500);
        Watch before = follow(target(1));
        loop.pass(INTERVAL);
        assertThat(states()).containsExactly("a:1 critical");

        views.clear();
        HealthCheck slower = new HealthCheck(
                "/health", INTERVAL.multipliedBy(5), RULE.timeout(), 3, 2, RULE.expected(), RULE.host());
        StaticTarget changed = new StaticTarget(
                List.of(new StaticUpstream("a", 1, 7, false, true), new StaticUpstream("a", 2, 1, false, false)));
        checks.checked(source(changed), slower, UpstreamTransport.PLAIN).follow(views::add);
        before.close();

        assertThat(states()).containsExactly("a:1 critical", "a:2 passing");
        assertThat(newest().instances().get(0).weights()).isEqualTo(new Weights(7, 7));
    }

    @Test
    void another_path_is_another_question() {
        client.answers("a:1", 500);
        Watch before = follow(target(1));
        loop.pass(INTERVAL);

        views.clear();
        checks.checked(source(target(1)), new HealthCheck("/ready"), UpstreamTransport.PLAIN)
                .follow(views::add);
        before.close();

        assertThat(states()).containsExactly("a:1 passing");
    }

    @Test
    void of_the_registry_s_finding_and_this_one_the_worse_counts() {
        ScriptedSource registry = new ScriptedSource();
        client.answers("a:2", 500);
        client.answers("a:3", 500);
        checks.checked(registry, RULE, UpstreamTransport.PLAIN).follow(views::add);
        registry.lists(
                instance(1, Health.WARNING, "slow"),
                instance(2, Health.WARNING, "slow"),
                instance(3, Health.CRITICAL, "no response"),
                instance(4, Health.MAINTENANCE, "upgrade"));
        loop.pass(INTERVAL);

        assertThat(states()).containsExactly("a:1 warning", "a:2 critical", "a:3 critical", "a:4 maintenance");
        assertThat(newest().instances().stream().map(Instance::healthReason))
                .containsExactly("slow", "GET /health answered 500 at 2026-03-01T10:00:00Z", "no response", "upgrade");
        assertThat(client.asked).doesNotContain("a:4/health");
    }

    @Test
    void instances_that_join_are_checked_and_those_that_left_are_not_any_more() {
        ScriptedSource registry = new ScriptedSource();
        checks.checked(registry, RULE, UpstreamTransport.PLAIN).follow(views::add);
        registry.lists(instance(1, Health.PASSING, ""));
        loop.pass(INTERVAL);
        registry.lists(instance(2, Health.PASSING, ""));
        client.asked.clear();
        loop.pass(INTERVAL);

        assertThat(client.asked).containsExactly("a:2/health");
        assertThat(loop.timers()).isEqualTo(1);
    }

    @Test
    void a_view_that_says_nothing_new_is_not_passed_on() {
        ScriptedSource registry = new ScriptedSource();
        checks.checked(registry, RULE, UpstreamTransport.PLAIN).follow(views::add);
        registry.lists(instance(1, Health.PASSING, ""));
        registry.lists(instance(1, Health.PASSING, ""));

        assertThat(views).hasSize(1);
    }

    @Test
    void no_more_than_so_many_checks_are_under_way_at_a_time() {
        int[] ports = IntStream.rangeClosed(1, ActiveHealthChecks.PARALLEL + 50).toArray();
        Arrays.stream(ports).forEach(port -> client.hangs("a:" + port));
        follow(target(ports));
        loop.pass(INTERVAL);
        assertThat(client.underWay()).isEqualTo(ActiveHealthChecks.PARALLEL);

        client.release(200);
        assertThat(client.underWay()).isEqualTo(50);
    }

    @Test
    void a_check_that_takes_longer_than_the_interval_is_followed_by_the_next_at_once_but_never_overtaken() {
        client.hangs("a:1");
        follow(target(1));
        loop.pass(INTERVAL.multipliedBy(3));
        assertThat(client.underWay()).isEqualTo(1);
        assertThat(client.asked).hasSize(1);

        client.release(200);
        loop.pass(Duration.ofMillis(1));
        assertThat(client.asked).hasSize(2);
    }

    @Test
    void a_shortage_of_this_process_s_own_says_nothing_about_an_instance() {
        client.isNotAsked("a:1");
        follow(target(1));
        loop.pass(INTERVAL.multipliedBy(5));

        assertThat(client.asked).hasSize(5);
        assertThat(states()).containsExactly("a:1 passing");
    }

    @Test
    void a_closed_watch_leaves_no_timer_and_is_told_nothing_more() {
        client.hangs("a:2");
        Watch watch = follow(target(1, 2));
        loop.pass(INTERVAL);
        watch.close();
        client.release(500);

        assertThat(loop.timers()).isZero();
        assertThat(views).hasSize(1);
    }

    @Test
    void closing_all_leaves_no_timer_and_closes_the_sources() {
        ScriptedSource registry = new ScriptedSource();
        checks.checked(registry, RULE, UpstreamTransport.PLAIN).follow(views::add);
        registry.lists(instance(1, Health.PASSING, ""));
        follow(target(1, 2));
        loop.pass(INTERVAL);

        checks.close();
        checks.close();
        Watch late =
                checks.checked(source(target(5)), RULE, UpstreamTransport.PLAIN).follow(views::add);

        assertThat(loop.timers()).isZero();
        assertThat(registry.closed).isTrue();
        assertThat(client.closed).isTrue();
        assertThat(late.firstView().toCompletableFuture()).isCancelled();
    }

    private Watch follow(StaticTarget target) {
        return checks.checked(source(target), RULE, UpstreamTransport.PLAIN).follow(views::add);
    }

    private static StaticSource source(StaticTarget target) {
        return new StaticSource(target, Clock.systemUTC());
    }

    private static StaticTarget target(int... ports) {
        return new StaticTarget(Arrays.stream(ports)
                .mapToObj(port -> new StaticUpstream("a", port, 1, false, false))
                .toList());
    }

    private static Instance instance(int port, Health health, String reason) {
        return new Instance(
                new InstanceKey("n1", "i" + port),
                "svc",
                "a",
                port,
                List.of(),
                Map.of(),
                Weights.DEFAULT,
                health,
                reason);
    }

    private ServiceView newest() {
        return views.get(views.size() - 1);
    }

    private List<String> states() {
        return newest().instances().stream()
                .map(one -> one.authority() + " " + one.health().name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** A registry that lists what a test says. */
    private static final class ScriptedSource implements InstanceSource {
        private Consumer<ServiceView> listener = view -> {};
        private boolean closed;

        @Override
        public Watch follow(Consumer<ServiceView> views) {
            listener = views;
            return new Watch() {
                @Override
                public String target() {
                    return "svc";
                }

                @Override
                public CompletionStage<ServiceView> firstView() {
                    return new CompletableFuture<>();
                }

                @Override
                public WatchStatus status() {
                    return WatchStatus.NEW;
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }

        private void lists(Instance... instances) {
            listener.accept(new ServiceView("svc", List.of(instances)));
        }
    }
}
