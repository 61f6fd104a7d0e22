package dev.pointsman.balancer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.admin.BalancerReadiness.ReadinessState;
import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.balancer.testkit.QuietWatch;
import dev.pointsman.pick.RoundRobin;
import dev.pointsman.pool.Pool;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.Weights;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusReportTest {
    private static final Instant BEGUN = Instant.parse("2026-11-28T02:00:00Z");
    private static final Instant HEARD = Instant.parse("2026-11-28T02:10:00.007008009Z");

    private final BalancerReadiness readiness = new BalancerReadiness(() -> BEGUN);
    private final List<Followed> followed = new ArrayList<>();
    private final StatusReport report = new StatusReport(readiness, () -> followed, () -> 12, () -> 17, "1.2.3");

    @Test
    void it_says_what_the_start_waits_for() {
        readiness.begin("targets are looked up in the registry");
        readiness.awaiting(() -> 2);

        JsonObject json = report.json(100);

        assertThat(json.getString("status")).isEqualTo("starting");
        assertThat(json.getString("since")).isEqualTo("2026-11-28T02:00:00Z");
        assertThat(json.getString("why")).isEqualTo("targets are looked up in the registry: 2 not looked up yet");
        assertThat(json.getInteger("waitingFor")).isEqualTo(2);
    }

    @Test
    void it_has_what_concerns_the_whole_balancer() {
        readiness.become(ReadinessState.READY);

        JsonObject json = report.json(100);

        assertThat(json.getString("why")).isEmpty();
        assertThat(json.getString("version")).isEqualTo("1.2.3");
        assertThat(json.getLong("tableVersion")).isEqualTo(12);
        assertThat(json.getInteger("connections")).isEqualTo(17);
        assertThat(json.containsKey("waitingFor")).isFalse();
    }

    @Test
    void a_target_that_was_never_looked_up_says_since_when_and_why() {
        follow("api", new WatchStatus(0, null, null, "connection refused", 3));

        JsonObject target = report.json(100).getJsonArray("targets").getJsonObject(0);

        assertThat(target.getString("level")).isEqualTo("unknown");
        assertThat(target.getString("problem"))
                .isEqualTo("its instances are not known: the registry has not responded with data yet: connection"
                        + " refused");
        assertThat(target.getString("since")).isEqualTo("2026-11-28T02:00:00Z");
        assertThat(target.getBoolean("firstView")).isFalse();
        assertThat(target.getJsonObject("registry").getString("failingSince")).isEqualTo("2026-11-28T02:00:00Z");
    }

    @Test
    void a_target_whose_registry_fails_says_since_when_it_was_heard_last() {
        follow("api", new WatchStatus(7, HEARD, BEGUN, "timeout", 2), instance("a", Health.PASSING));

        JsonObject target = report.json(100).getJsonArray("targets").getJsonObject(0);

        assertThat(target.getString("level")).isEqualTo("outdated");
        assertThat(target.getString("problem")).endsWith("timeout");
        assertThat(target.getString("since")).isEqualTo("2026-11-28T02:10:00.007Z");
        assertThat(target.getJsonObject("registry").getString("failingSince")).isEqualTo("2026-11-28T02:10:00.007Z");
    }

    @Test
    void a_target_without_instances_says_since_when_the_registry_lists_none() {
        follow("api", new WatchStatus(7, HEARD, HEARD, null, 0), new Instance[0]);

        JsonObject target = report.json(100).getJsonArray("targets").getJsonObject(0);

        assertThat(target.getString("level")).isEqualTo("down");
        assertThat(target.getString("problem")).isEqualTo("the registry lists no instance");
        assertThat(target.getString("since")).isEqualTo("2026-11-28T02:10:00.007Z");
    }

    @Test
    void it_counts_the_instances_in_each_state() {
        follow(
                "api",
                fine(),
                instance("a", Health.PASSING),
                instance("b", Health.CRITICAL),
                instance("c", Health.CRITICAL));

        JsonObject target = report.json(100).getJsonArray("targets").getJsonObject(0);

        assertThat(target.getString("level")).isEqualTo("reduced");
        assertThat(target.getString("problem")).isEqualTo("not all instances take traffic: 1 ready, 2 critical");
        assertThat(target.getInteger("instances")).isEqualTo(3);
        assertThat(target.getInteger("ready")).isEqualTo(1);
        assertThat(target.getJsonObject("states").getMap()).isEqualTo(Map.of("ready", 1, "critical", 2));
    }

    @Test
    void of_a_thousand_targets_the_bad_ones_are_named_and_the_rest_is_counted() {
        for (int i = 0; i < 1000; i++) {
            follow(String.format("t%04d", i), fine(), instance("a", Health.PASSING));
        }
        follow("z-down", fine(), new Instance[0]);
        follow("z-unknown", WatchStatus.NEW);

        JsonObject json = report.json(100);
        String text = report.text(100);

        assertThat(json.getJsonArray("targets")).hasSize(100);
        assertThat(json.getInteger("targetCount")).isEqualTo(1002);
        assertThat(json.getInteger("problemCount")).isEqualTo(2);
        assertThat(json.getInteger("notShown")).isEqualTo(902);
        assertThat(text.lines().skip(1).limit(3))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("[unknown] z-unknown: "),
                        line -> assertThat(line).startsWith("[down] z-down: "),
                        line -> assertThat(line).startsWith("[ok] t0000: 1 of 1 instances take traffic"));
        assertThat(text.lines()).hasSize(102).last().isEqualTo("... and 902 targets more, all of them fine");
    }

    @Test
    void no_name_and_no_error_forges_a_line_of_the_text() {
        follow("api\n[ok] forged\u001b[2J", new WatchStatus(0, null, null, "refused\n[ok] forged too", 1));

        String text = report.text(100);

        assertThat(text.lines()).hasSize(2);
        assertThat(text).doesNotContain("\u001b");
    }

    private static WatchStatus fine() {
        return new WatchStatus(7, HEARD, HEARD, null, 0);
    }

    /** Without a view: what was never looked up. */
    private void follow(String target, WatchStatus status) {
        followed.add(followed(new Pool(target, new RoundRobin()), new QuietWatch(target, status)));
    }

    private void follow(String target, WatchStatus status, Instance... instances) {
        Pool pool = new Pool(target, new RoundRobin());
        ServiceView view = new ServiceView(target, List.of(instances));
        pool.apply(view);
        QuietWatch watch = new QuietWatch(target, status);
        watch.view(view);
        followed.add(followed(pool, watch));
    }

    private static Followed followed(Pool pool, QuietWatch watch) {
        return new Followed(pool, watch, "round-robin", new PoolTraffic(), null, List::of, BEGUN);
    }

    private static Instance instance(String id, Health health) {
        return new Instance(
                new InstanceKey("box", id), "svc", "127.0.0.1", 1, List.of(), Map.of(), Weights.DEFAULT, health, "");
    }
}
