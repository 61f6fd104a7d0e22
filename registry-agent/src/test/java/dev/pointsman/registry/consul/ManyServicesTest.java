package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static dev.pointsman.registry.consul.ScriptedCatalog.CATALOG;
import static dev.pointsman.registry.consul.ScriptedCatalog.CHECKS;
import static dev.pointsman.registry.consul.ScriptedCatalog.CRITICAL;
import static dev.pointsman.registry.consul.ScriptedCatalog.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.CatalogView;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.RegistryRequests;
import dev.pointsman.registry.ServiceSelection;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import dev.pointsman.registry.consul.internal.view.WatchPool;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More services than there may be connections: the first eighty have one each, the further ones share. */
@Timeout(120)
class ManyServicesTest {
    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final ScriptedCatalog catalog = new ScriptedCatalog(consul);
    private final ConsulRegistry registry = new ConsulRegistry(
            vertx, consul.address(), new ConsulWatchOptions(Duration.ofSeconds(50), Duration.ofSeconds(30)));
    private final List<RecordedViews> views = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    /** Follows so many that some share, and waits until each has had its first view and nothing is under way. */
    private void follow(int number, int instances) {
        followBy(registry, number, instances);
        awaitQuiet();
    }

    private void followBy(ConsulRegistry following, int number, int instances) {
        catalog.fill(number, instances);
        for (int n = 0; n < number; n++) {
            views.add(new RecordedViews());
            watches.add(following.watch("s" + n, views.get(n)));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> views.stream().noneMatch(each -> each.all().isEmpty()));
    }

    private void awaitQuiet() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            List<String> blocked = consul.blocked();
            return blocked.size() == WatchPool.MOST_WATCHES + 3
                    && blocked.containsAll(List.of(CATALOG, CRITICAL, WARNING))
                    && consul.requests().stream().anyMatch(request -> request.startsWith(CHECKS));
        });
    }

    private List<String> requestsAbout(int service) {
        return consul.requests().stream()
                .filter(request -> request.startsWith("/v1/health/service/s" + service + "?"))
                .toList();
    }

    private static Health health(ServiceView view, String id) {
        return view.instances().stream()
                .filter(instance -> instance.key().id().equals(id))
                .findFirst()
                .orElseThrow()
                .health();
    }

    private int viewsOf(int service) {
        return views.get(service).all().size();
    }

    @Test
    void a_thousand_services_are_followed_on_no_more_than_a_hundred_connections() {
        follow(1_000, 10);
        assertThat(consul.mostConnections()).isLessThanOrEqualTo(100);
        assertThat(views).allSatisfy(each -> assertThat(each.last().instances()).hasSize(10));

        catalog.status("s999", "s999-3", "critical");
        views.get(999).awaitView(view -> health(view, "s999-3") == Health.CRITICAL);
        catalog.deregister("s998", "s998-0");
        views.get(998).awaitView(view -> view.instances().size() == 9);
        assertThat(consul.mostConnections()).isLessThanOrEqualTo(100);
        assertThat(views.subList(0, 998)).as("no other target has a new view").allSatisfy(each -> assertThat(each.all())
                .hasSize(1));
    }

    @Test
    void a_thousand_services_that_are_chosen_by_their_tags_make_few_views_and_a_change_touches_its_service_alone() {
        catalog.fill(1_000, 10);
        Recorded<CatalogView> chosen = new Recorded<>();
        registry.follow(ServiceSelection.everyService("all"), chosen);
        chosen.awaitView(view -> view.services().size() == 1_000);
        awaitQuiet();
        assertThat(chosen.all()).as("the first view has all of them").hasSize(1);

        catalog.status("s999", "s999-3", "critical");
        chosen.awaitView(view -> health(view.of("s999"), "s999-3") == Health.CRITICAL);
        assertThat(chosen.last().changed()).containsExactly("s999");
        assertThat(chosen.last().of("s5")).isSameAs(chosen.all().get(0).of("s5"));
        assertThat(consul.mostConnections()).isLessThanOrEqualTo(100);
    }

    @Test
    void a_change_is_asked_for_with_one_request_about_its_service_and_none_about_others() {
        follow(100, 3);
        int about95 = requestsAbout(95).size();
        catalog.status("s95", "s95-1", "warning");
        views.get(95).awaitView(view -> health(view, "s95-1") == Health.WARNING);
        awaitQuiet();
        assertThat(requestsAbout(95)).hasSizeBetween(about95 + 1, about95 + 2);
        assertThat(viewsOf(95)).isEqualTo(2);
        assertThat(IntStream.range(0, 100).filter(n -> n != 95).map(this::viewsOf))
                .containsOnly(1);
    }

    @Test
    void an_instance_that_was_seen_failing_is_seen_well_again_though_the_short_lists_never_named_it() {
        follow(100, 3);
        catalog.whileShortListsAreLate(() -> {
            catalog.status("s95", "s95-1", "critical");
            catalog.register("s95", "moves the catalog, so that the service is queried", true);
            views.get(95).awaitView(view -> health(view, "s95-1") == Health.CRITICAL);
            awaitQuiet();
            catalog.status("s95", "s95-1", "passing");
        });
        views.get(95).awaitView(view -> health(view, "s95-1") == Health.PASSING);
    }

    @Test
    void a_change_of_health_is_found_by_the_short_lists_of_what_is_not_well_and_not_by_that_of_all_checks() {
        follow(100, 3);
        long listsOfAll = requestsFor(CHECKS);
        for (String status : List.of("critical", "warning", "passing", "critical", "passing")) {
            int before = viewsOf(95);
            catalog.status("s95", "s95-1", status);
            views.get(95)
                    .awaitView(view ->
                            viewsOf(95) > before && health(view, "s95-1").name().equalsIgnoreCase(status));
        }
        awaitQuiet();
        assertThat(requestsFor(CHECKS)).isEqualTo(listsOfAll);
    }

    @Test
    void the_list_of_all_checks_is_asked_for_when_the_catalog_moved_and_not_waited_for() {
        follow(90, 1);
        long listsOfAll = requestsFor(CHECKS);
        catalog.register("s89", "new", true);
        views.get(89).awaitView(view -> view.instances().size() == 2);
        awaitQuiet();
        assertThat(requestsFor(CHECKS)).isBetween(listsOfAll + 1, listsOfAll + 2);
        assertThat(consul.requests())
                .filteredOn(request -> request.startsWith(CHECKS))
                .allMatch(request -> request.contains("index=0&"));
    }

    private long requestsFor(String path) {
        return consul.requests().stream()
                .filter(request -> request.startsWith(path + "?"))
                .count();
    }

    @Test
    void instances_that_come_and_go_are_followed() {
        follow(90, 1);
        catalog.register("s89", "new", true);
        views.get(89).awaitView(view -> view.instances().size() == 2);
        catalog.deregister("s89", "new");
        views.get(89).awaitView(view -> view.instances().size() == 1);
        catalog.deregister("s89", "s89-0");
        views.get(89).awaitView(view -> view.instances().isEmpty());
        assertThat(views.get(89).retained()).isEmpty();
    }

    @Test
    void what_no_check_tells_of_is_found_by_asking_for_all_and_reading_what_is_new() {
        follow(90, 2);
        catalog.meta("s85", "s85-1", "blue");
        views.get(85)
                .awaitView(view -> "blue".equals(view.instances().get(1).meta().get("m")));
        catalog.register("s86", "unchecked", false);
        views.get(86).awaitView(view -> view.instances().size() == 3);
        assertThat(IntStream.range(0, 85).map(this::viewsOf)).containsOnly(1);
    }

    @Test
    void a_check_of_a_node_concerns_every_service_on_it() {
        follow(100, 1);
        int asked = consul.requests().size();
        catalog.nodeFailed("n5");
        for (int service : List.of(85, 95)) {
            int before = 1;
            await().until(() -> requestsAbout(service).size() > before);
        }
        awaitQuiet();
        assertThat(consul.requests().subList(asked, consul.requests().size()))
                .noneMatch(request -> request.startsWith("/v1/health/service/s96?"));
    }

    @Test
    void services_that_share_connections_are_retained_when_consul_comes_back_with_nothing_at_a_higher_index() {
        // Or they are dropped again, on a slow machine before the last one is retained.
        catalog.answerAt(vertx.createNetServer()
                .connectHandler(probe -> {})
                .listen(0, "0.0.0.0")
                .await()
                .actualPort());
        follow(90, 2);
        consul.begin(Trouble.REFUSED);
        await().until(() -> watches.get(88).status().failures() > 2);
        catalog.forgetEverything(5_000);
        consul.endTrouble();
        await().atMost(Duration.ofSeconds(30)).until(() -> views.stream()
                .allMatch(each -> each.last().retained().size() == 2));
        assertThat(views).allSatisfy(each -> assertThat(each.all())
                .allSatisfy(view -> assertThat(view.instances()).hasSize(2)));
        catalog.register("s88", "s88-0", true);
        views.get(88).awaitView(view -> view.retained().size() == 1);
    }

    @Test
    void changes_of_services_that_share_are_found_in_turn_where_the_list_of_all_checks_is_too_long() {
        try (ConsulRegistry small =
                HurriedRegistry.withShortPauses(vertx, consul.address(), ConsulWatchOptions.DEFAULT)) {
            catalog.outputs("x".repeat(20_000));
            followBy(small, 82, 1);
            catalog.status("s81", "s81-0", "critical");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> health(views.get(81).last(), "s81-0") == Health.CRITICAL);
            // That may have been the look at all of them once the list has failed for the first time.
            assertThat(counted(small).get("checks")).isPositive();
            catalog.status("s81", "s81-0", "passing");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> health(views.get(81).last(), "s81-0") == Health.PASSING);
        }
    }

    @Test
    void what_was_asked_for_is_counted_by_its_kind() {
        followBy(registry, 3, 1);
        await().until(() -> consul.blocked().size() == 4);
        Map<String, Long> before = counted(registry);
        assertThat(before)
                .containsEntry("instances", 6L)
                .containsEntry("catalog", 2L)
                .containsEntry("checks", 0L);
        catalog.status("s1", "s1-0", "critical");
        views.get(1).awaitView(view -> health(view, "s1-0") == Health.CRITICAL);
        await().until(() -> consul.blocked().size() == 4);
        assertThat(counted(registry)).containsEntry("instances", 7L).containsEntry("catalog", 2L);
        assertThat(registry.requests())
                .filteredOn(each -> each.kind().equals("instances"))
                .allSatisfy(each -> assertThat(each.receivedBytes()).isGreaterThan(4 * 100));
    }

    private static Map<String, Long> counted(ConsulRegistry client) {
        return client.requests().stream().collect(Collectors.toMap(RegistryRequests::kind, RegistryRequests::requests));
    }

    @Test
    void the_shared_queries_end_with_the_last_that_needs_them() {
        follow(82, 1);
        watches.get(81).close();
        watches.get(80).close();
        await().until(() -> consul.blocked().size() == WatchPool.MOST_WATCHES + 1);
        assertThat(consul.blocked()).doesNotContain(CRITICAL, WARNING);
        watches.get(0).close();
        RecordedViews again = new RecordedViews();
        registry.watch("s81", again);
        await().until(() -> consul.blocked().contains("/v1/health/service/s81"));
    }
}
