package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigException;
import dev.pointsman.balancer.config.ConfigReader;
import dev.pointsman.balancer.history.ChangeCause;
import dev.pointsman.balancer.history.PendingChange;
import dev.pointsman.balancer.history.TableChange;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.balancer.testkit.QuietWatch;
import dev.pointsman.canary.CanaryAgreement;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.settings.Setting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutingControlTest {
    private static final ChangeCause BY_TAGS = new ChangeCause(RouteSource.TAGS, "tags");
    private static final ChangeCause BY_HAND = new ChangeCause(RouteSource.ADMIN, "PUT /api/routes", "192.0.2.7");

    private final Pools pools = new Pools(
            new Policies("", () -> 0),
            new PoolTime(System::nanoTime, Clock.systemUTC()),
            change -> {},
            (target, settings, views) -> new QuietWatch(target.name(), WatchStatus.NEW),
            new Canaries(new PoolTime(System::nanoTime, Clock.systemUTC()), CanaryAgreement.ALONE, event -> {}));
    private final List<Promise<Void>> published = new ArrayList<>();
    private boolean held;
    private final RoutingControl control = new RoutingControl(
            new LiveRoutes(pools, watches -> Future.succeededFuture(), (config, snapshot) -> {
                Promise<Void> promise = Promise.promise();
                published.add(promise);
                if (!held) {
                    promise.complete();
                }
                return promise.future();
            }),
            RouteTable::new,
            () -> Instant.EPOCH,
            change -> {});

    @BeforeEach
    void begin() throws Exception {
        control.begin(config("/=file"), List.of());
    }

    @Test
    void a_change_of_a_source_is_in_force_and_in_the_history() {
        assertThat(put(RouteSource.TAGS, BY_TAGS, route("/x", "x")).succeeded()).isTrue();

        assertThat(targets()).containsExactlyInAnyOrder("file", "x");
        TableChange newest = control.state().history().get(0);
        assertThat(newest.version()).isEqualTo(control.current().version());
        assertThat(newest.causes()).containsExactly(BY_TAGS);
        assertThat(newest.diff().summary()).isEqualTo("1 added");
    }

    @Test
    void what_changes_no_route_makes_no_table() {
        put(RouteSource.TAGS, BY_TAGS, route("/x", "x"));
        long version = control.current().version();

        assertThat(put(RouteSource.TAGS, BY_TAGS, route("/x", "x")).succeeded()).isTrue();

        assertThat(control.current().version()).isEqualTo(version);
        assertThat(control.state().history()).hasSize(2);
    }

    @Test
    void what_is_given_by_hand_overrules_the_rest_and_is_said_to() {
        put(RouteSource.ADMIN, BY_HAND, route("/", "by-hand"));

        assertThat(targets()).containsExactly("by-hand");
        assertThat(control.state().overruled())
                .extracting(Route::describeTarget)
                .containsExactly("file");
    }

    @Test
    void changes_that_come_close_together_make_one_table_with_all_causes() {
        held = true;
        Future<?> first = put(RouteSource.TAGS, BY_TAGS, route("/x", "x"));
        Future<?> second = put(RouteSource.KV, new ChangeCause(RouteSource.KV, "kv"), route("/y", "y"));
        Future<?> third = put(RouteSource.ADMIN, BY_HAND, route("/z", "z"));
        assertThat(control.isSettled()).isFalse();
        held = false;
        published.get(0).complete();

        assertThat(first.succeeded() && second.succeeded() && third.succeeded()).isTrue();
        assertThat(control.isSettled()).isTrue();
        assertThat(control.state().history().get(0).causes())
                .extracting(ChangeCause::source)
                .containsExactly(RouteSource.KV, RouteSource.ADMIN);
    }

    @Test
    void a_rollback_brings_a_whole_table_back_and_keeps_it_until_it_is_released() throws Exception {
        put(RouteSource.TAGS, BY_TAGS, route("/x", "x"));
        long good = control.state().version();
        put(RouteSource.TAGS, BY_TAGS, route("/x", "broken"));

        control.rollback(good, BY_HAND);
        assertThat(targets()).containsExactlyInAnyOrder("file", "x");

        put(RouteSource.TAGS, BY_TAGS, route("/x", "broken"), route("/more", "more"));
        control.reconfigure(config("/=file2"), List.of(), new ChangeCause(RouteSource.FILE, "reload"));
        assertThat(targets()).containsExactlyInAnyOrder("file", "x");
        assertThat(control.state().pending())
                .extracting(PendingChange::cause)
                .extracting(ChangeCause::source)
                .containsExactly(RouteSource.FILE, RouteSource.TAGS);
        assertThat(control.state().released().summary()).isEqualTo("1 added, 2 changed");

        control.release(BY_HAND);
        assertThat(targets()).containsExactlyInAnyOrder("file2", "broken", "more");
        assertThat(control.state().pinned()).isNull();
        assertThat(control.state().pending()).isEmpty();
    }

    @Test
    void a_version_between_two_tables_is_that_of_the_earlier_one() throws Exception {
        control.reconfigure(config("/=file"), List.of(), new ChangeCause(RouteSource.FILE, "reload"));
        long same = control.current().version();
        put(RouteSource.TAGS, BY_TAGS, route("/x", "x"));

        assertThat(Objects.requireNonNull(control.state().tableOf(same)).routes())
                .extracting(Route::describeTarget)
                .containsExactly("file");
    }

    @Test
    void a_table_that_there_was_not_cannot_be_rolled_back_to() {
        Future<?> refused = control.rollback(999, BY_HAND);

        assertThat(refused.failed()).isTrue();
        assertThat(refused.cause()).hasMessageContaining("no table 999").hasMessageContaining("1 to 1");
        assertThat(control.state().pinned()).isNull();
    }

    @Test
    void a_change_that_could_not_be_put_in_force_is_tried_again_when_it_is_asked_for_again() {
        held = true;
        Future<?> failing = put(RouteSource.TAGS, BY_TAGS, route("/x", "x"));
        published.get(0).fail("stopped");
        held = false;
        assertThat(failing.failed()).isTrue();

        assertThat(put(RouteSource.TAGS, BY_TAGS, route("/x", "x")).succeeded()).isTrue();
        assertThat(targets()).containsExactlyInAnyOrder("file", "x");
    }

    private Future<?> put(RouteSource source, ChangeCause cause, Route... routes) {
        return control.put(source, List.of(routes), true, cause);
    }

    private List<String> targets() {
        return control.current().table().routes().stream()
                .map(Route::describeTarget)
                .toList();
    }

    private static Route route(String path, String tag) {
        return new Route(
                RouteKey.ofPath(path),
                new TagTarget(tag),
                RouteOptions.DEFAULT,
                new RouteOrigin(RouteSource.TAGS, "somewhere"));
    }

    private static BalancerConfig config(String route) throws ConfigException {
        return ConfigReader.read(List.of(Setting.flag("route", route)), Map.of());
    }
}
