package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static dev.pointsman.registry.consul.ScriptedConsul.instance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ConsulRegistryTest {
    private static final String CATALOG = "/v1/catalog/services";
    private static final Duration BLOCK = Duration.ofSeconds(30);
    private static final Duration RETAIN = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final RecordedViews views = new RecordedViews();
    private ConsulRegistry registry = registry(RETAIN);

    private ConsulRegistry registry(Duration retain) {
        return HurriedRegistry.withShortPauses(vertx, consul.address(), new ConsulWatchOptions(BLOCK, retain));
    }

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    private void awaitBlocked(String... paths) {
        await().until(() -> consul.blocked().equals(List.of(paths)));
    }

    @Test
    void a_target_without_instances_has_an_empty_first_view() throws Exception {
        Watch watch = registry.watch("api", views);
        assertThat(watch.firstView()
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .instances())
                .isEmpty();
        assertThat(views.all()).hasSize(1);
        assertThat(watch.target()).isEqualTo("api");
    }

    @Test
    void the_instances_of_the_service_of_that_name_are_followed() {
        consul.listService("api", 10, instance("api", "a"));
        registry.watch("api", views);
        views.awaitIds("a");
        consul.listService("api", 11, instance("api", "a"), instance("api", "b"));
        views.awaitIds("a", "b");
        consul.listService("api", 12, instance("api", "b"));
        views.awaitIds("b");
        consul.listService("api", 13);
        views.awaitIds();
        assertThat(views.all()).allSatisfy(view -> assertThat(view.retained()).isEmpty());
    }

    @Test
    void a_response_without_a_difference_is_not_passed_on() {
        consul.listService("api", 10, instance("api", "a"));
        registry.watch("api", views);
        views.awaitIds("a");
        consul.listService("api", 11, instance("api", "a"));
        awaitBlocked(CATALOG, "/v1/health/service/api");
        consul.listService("api", 12, instance("api", "b"));
        views.awaitIds("b");
        assertThat(views.all()).hasSize(2);
    }

    @Test
    void services_of_other_names_are_followed_as_long_as_they_carry_the_tag() {
        registry.close();
        registry = registry(Duration.ofMillis(300));
        consul.listService("api", 10, instance("api", "a"));
        consul.listService("v2", 77, instance("v2", "b", "api"), instance("v2", "c", "other"));
        Watch watch = registry.watch("api", views);
        views.awaitIds("a");
        consul.list(CATALOG, 5, "{'api':[],'v2':['api','other']}");
        views.awaitIds("a", "b");
        assertThat(watch.status().index()).as("that of the service api").isEqualTo(10);
        awaitBlocked(CATALOG, "/v1/health/service/api", "/v1/health/service/v2");

        consul.list(CATALOG, 6, "{'api':[],'v2':['other']}");
        consul.listService("v2", 78, instance("v2", "c", "other"));
        views.awaitIds("a");
        awaitBlocked(CATALOG, "/v1/health/service/api");
    }

    @Test
    void the_first_view_waits_for_the_services_that_carry_the_tag() {
        consul.list(CATALOG, 5, "{'v2':['api']}");
        consul.listService("v2", 10, instance("v2", "b", "api"));
        registry.watch("api", views);
        views.awaitIds("b");
        assertThat(views.all()).hasSize(1);
    }

    @Test
    void targets_share_the_watch_of_a_service_until_the_last_one_ends() {
        consul.list(CATALOG, 5, "{'v2':['api','web']}");
        consul.listService("v2", 10, instance("v2", "b", "api", "web"));
        RecordedViews others = new RecordedViews();
        Watch one = registry.watch("api", views);
        Watch other = registry.watch("web", others);
        views.awaitIds("b");
        others.awaitIds("b");
        awaitBlocked(CATALOG, "/v1/health/service/api", "/v1/health/service/v2", "/v1/health/service/web");

        one.close();
        awaitBlocked(CATALOG, "/v1/health/service/v2", "/v1/health/service/web");
        consul.listService("v2", 11);
        others.awaitIds();
        other.close();
        awaitBlocked();
        assertThat(views.ids()).containsExactly("b");
    }

    @Test
    void a_service_name_may_hold_anything() {
        registry.watch("a b/ü?&", views);
        views.awaitIds();
        assertThat(consul.requests())
                .anyMatch(q -> q.startsWith("/v1/health/service/a%20b%2F%C3%BC%3F%26?stale&index=0"));
    }

    @Test
    void token_namespace_and_partition_go_with_every_request() {
        registry.close();
        ConsulAddress plain = consul.address();
        registry = new ConsulRegistry(
                vertx,
                new ConsulAddress(
                        plain.host(), plain.port(), false, "s3cret", null, null, null, true, "team a", "p1", null),
                new ConsulWatchOptions(BLOCK, RETAIN));
        registry.watch("api", views);
        views.awaitIds();
        assertThat(consul.requests()).isNotEmpty().allMatch(q -> q.endsWith("&ns=team%20a&partition=p1"));
        assertThat(consul.tokens()).hasSameSizeAs(consul.requests()).containsOnly("s3cret");
    }

    @Test
    void an_instance_without_a_port_does_not_hide_its_siblings() {
        consul.listService(
                "api", 10, instance("api", "a"), instance("api", "odd").replaceAll("'Port':\\d+", "'Port':0"));
        registry.watch("api", views);
        views.awaitIds("a");
    }

    @Test
    void a_listener_that_throws_hears_the_next_view_all_the_same() {
        consul.listService("api", 10, instance("api", "a"));
        Watch watch = registry.watch("api", view -> {
            views.accept(view);
            throw new IllegalStateException("on purpose");
        });
        views.awaitIds("a");
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(10));
        consul.listService("api", 11, instance("api", "b"));
        views.awaitIds("b");
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"SILENT", "HALTED_IN_THE_BODY"},
            mode = EnumSource.Mode.EXCLUDE)
    void in_every_trouble_the_last_view_stays_and_afterwards_the_truth_is_found_again(Trouble trouble) {
        consul.list(CATALOG, 50, "{'api':['x']}");
        consul.listService("api", 50, instance("api", "a"), instance("api", "b"));
        Watch watch = registry.watch("api", views);
        views.awaitIds("a", "b");
        awaitBlocked(CATALOG, "/v1/health/service/api");

        consul.begin(trouble);
        await().until(() -> watch.status().failures() >= 3);
        assertThat(watch.status().lastError()).contains("/v1/");
        assertThat(watch.status().index()).isEqualTo(50);
        assertThat(views.all()).hasSize(1);

        consul.listService("api", 60, instance("api", "b"), instance("api", "c"));
        consul.endTrouble();
        views.awaitIds("a", "b", "c");
        assertThat(views.retained()).containsExactly("a");
        await().until(() -> watch.status().failures() == 0);
        assertThat(watch.status().lastError()).contains("may have lost its data");
        assertThat(watch.status().index()).isEqualTo(60);
    }

    @Test
    void a_refused_token_is_named_as_the_cause() {
        consul.begin(Trouble.STATUS_403);
        Watch watch = registry.watch("api", views);
        await().until(() -> watch.status().lastError() != null);
        assertThat(watch.status().lastError()).contains("403 Permission denied", "token");
        assertThat(watch.firstView().toCompletableFuture()).isNotDone();
    }

    @Test
    void a_watch_that_began_during_an_outage_gets_its_first_view_when_it_is_over() {
        consul.begin(Trouble.REFUSED);
        Watch watch = registry.watch("api", views);
        await().until(() -> watch.status().failures() >= 3);
        assertThat(views.all()).isEmpty();
        assertThat(watch.status().whyNoView(registry.toString()))
                .startsWith("Consul at " + consul.address().url() + " has not responded with data yet: /v1/")
                .contains("onnection")
                .doesNotContain("\n");
        assertThat(WatchStatus.NEW.whyNoView(registry.toString()))
                .isEqualTo("Consul at " + consul.address().url() + " has not responded yet");
        consul.listService("api", 10, instance("api", "a"));
        consul.endTrouble();
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(views.ids()).containsExactly("a");
    }

    @Test
    void where_the_catalog_is_out_of_reach_the_service_of_the_name_is_enough_to_begin_with() {
        consul.list(CATALOG, 5, "this is no catalog");
        consul.listService("api", 10, instance("api", "a"));
        registry.watch("api", views);
        views.awaitIds("a");
    }

    @Test
    void an_index_of_zero_gives_the_data_and_no_hot_loop() {
        consul.listService("api", 0, instance("api", "a"));
        registry.watch("api", views);
        views.awaitIds("a");
        // By then a loop with the pauses of BlockingQuery has sent four; those of a longer time are in
        // BlockingQueryTest.
        await().during(Duration.ofMillis(400))
                .until(() -> consul.requests().stream()
                                .filter(q -> q.contains("service/api"))
                                .count()
                        < 6);
    }

    @Test
    void a_catalog_of_services_without_tags_is_not_taken_for_one_that_may_not_be_read() {
        consul.filterTo(CATALOG, 5, "{'api':[]}");
        consul.listService("api", 10, instance("api", "a"));
        Watch watch = registry.watch("api", views);
        views.awaitIds("a");
        awaitBlocked(CATALOG, "/v1/health/service/api");
        assertThat(watch.status().failures()).isZero();
    }

    @Test
    void the_status_says_when_the_view_last_changed_and_when_consul_last_responded() {
        consul.listService("api", 10, instance("api", "a"));
        Watch watch = registry.watch("api", views);
        views.awaitIds("a");
        awaitBlocked(CATALOG, "/v1/health/service/api");
        Instant changed = watch.status().lastChange();
        assertThat(changed).isNotNull();
        consul.listService("api", 11, instance("api", "a"));
        await().until(() -> watch.status().index() == 11);
        assertThat(watch.status().lastChange()).isEqualTo(changed);
        assertThat(watch.status().lastResponse()).isAfterOrEqualTo(changed);
    }

    @Test
    void what_a_restarted_registry_has_forgotten_is_retained_until_it_is_listed_again() {
        consul.listService("api", 229, instance("api", "a"), instance("api", "b"));
        registry.watch("api", views);
        views.awaitIds("a", "b");

        consul.listService("api", 13);
        views.awaitView(view -> view.retained().size() == 2);
        consul.listService("api", 14, instance("api", "b"));
        views.awaitView(view -> view.retained().size() == 1);
        assertThat(views.all()).allSatisfy(view -> assertThat(view.instances()).hasSize(2));
        assertThat(views.retained()).containsExactly("a");

        consul.listService("api", 15);
        views.awaitIds("a");
    }

    @Test
    void what_was_retained_for_long_enough_is_given_up_without_any_response_of_the_registry() {
        registry.close();
        registry = registry(Duration.ofMillis(300));
        consul.listService("api", 229, instance("api", "a"));
        registry.watch("api", views);
        views.awaitIds("a");
        consul.listService("api", 13);
        views.awaitView(view -> view.retained().size() == 1);
        views.awaitIds();
    }

    @Test
    void nothing_is_retained_when_self_preservation_is_switched_off() {
        registry.close();
        registry = registry(Duration.ZERO);
        consul.listService("api", 229, instance("api", "a"));
        registry.watch("api", views);
        views.awaitIds("a");
        consul.listService("api", 13);
        views.awaitIds();
        assertThat(views.all()).allSatisfy(view -> assertThat(view.retained()).isEmpty());
    }

    @Test
    void a_tag_that_a_restarted_catalog_has_forgotten_does_not_end_the_watch_of_its_service() {
        consul.list(CATALOG, 229, "{'v2':['api']}");
        consul.listService("v2", 229, instance("v2", "b", "api"));
        registry.watch("api", views);
        views.awaitIds("b");
        consul.list(CATALOG, 13, "{}");
        awaitBlocked(CATALOG, "/v1/health/service/api", "/v1/health/service/v2");
        consul.listService("v2", 230, instance("v2", "b", "api"), instance("v2", "c", "api"));
        views.awaitIds("b", "c");
        assertThat(views.all()).hasSize(2);
    }

    @Test
    void a_closed_watch_hears_nothing_more_and_frees_its_requests() {
        consul.listService("api", 10, instance("api", "a"));
        Watch watch = registry.watch("api", views);
        views.awaitIds("a");
        awaitBlocked(CATALOG, "/v1/health/service/api");
        watch.close();
        watch.close();
        awaitBlocked();
        await().until(() -> consul.connections() == 0);
    }

    @Test
    void a_target_may_be_watched_again_after_its_last_watch_was_closed() {
        consul.list(CATALOG, 5, "{'v2':['api']}");
        consul.listService("v2", 10, instance("v2", "b", "api"));
        registry.watch("api", views).close();
        awaitBlocked();
        RecordedViews again = new RecordedViews();
        registry.watch("api", again);
        again.awaitIds("b");
        assertThat(views.all()).isEmpty();
    }

    @Test
    void a_closed_registry_ends_every_watch_and_takes_no_new_one() {
        consul.begin(Trouble.STATUS_500);
        Watch waiting = registry.watch("web", view -> {});
        await().until(() -> waiting.status().failures() > 0);
        registry.close();
        registry.close();
        assertThat(waiting.firstView()).failsWithin(Duration.ofSeconds(10));
        await().until(() -> consul.connections() == 0);
        assertThatThrownBy(() -> registry.watch("api", views)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_blank_target_is_refused() {
        assertThatThrownBy(() -> registry.watch(" ", views)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void more_watches_than_connections_stay_below_the_limit_and_all_are_looked_up() {
        List<RecordedViews> all =
                IntStream.range(0, 200).mapToObj(n -> new RecordedViews()).toList();
        registry.close();
        registry = new ConsulRegistry(vertx, consul.address(), new ConsulWatchOptions(Duration.ofMillis(500), RETAIN));
        for (int n = 0; n < all.size(); n++) {
            registry.watch("s" + n, all.get(n));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(consul.connections()).isLessThan(150);
            return all.stream().noneMatch(v -> v.all().isEmpty());
        });
    }
}
