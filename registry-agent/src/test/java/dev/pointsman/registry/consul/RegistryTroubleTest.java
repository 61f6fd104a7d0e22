package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static dev.pointsman.registry.consul.ScriptedConsul.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.Health;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.cache.ServiceCache;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rows of docs/registry-trouble.md that a scripted Consul can play. What is the same for every kind of failing response
 * (the last view stays, and the truth is found again) is in {@link ConsulRegistryTest}, for all of {@link Trouble}.
 */
@Timeout(120)
class RegistryTroubleTest {
    private static final String CATALOG = "/v1/catalog/services";
    private static final String API = "/v1/health/service/api";

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final RecordedViews views = new RecordedViews();
    /** The ports at which no instance answers. */
    private final Set<Integer> silentPorts = ConcurrentHashMap.newKeySet();

    private ConsulRegistry registry = registry(Duration.ofSeconds(30));

    private ConsulRegistry registry(Duration block) {
        return HurriedRegistry.with(
                vertx,
                consul.address(),
                new ConsulWatchOptions(block, ConsulWatchOptions.WHILE_ANSWERING),
                (host, port) -> Future.succeededFuture(!silentPorts.contains(port)),
                ServiceCache.NONE);
    }

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    private Watch follow(String... ids) {
        consul.list(CATALOG, 50, "{'api':[]}");
        list(50, ids);
        Watch watch = registry.watch("api", views);
        views.awaitIds(ids);
        return watch;
    }

    private void list(long index, String... ids) {
        consul.listService(
                "api",
                index,
                List.of(ids).stream().map(id -> instance("api", id)).toArray(String[]::new));
    }

    private void awaitBlockedAgain() {
        await().until(() -> consul.blocked().contains(API));
    }

    @Test
    @DisplayName("leader lost: a server that still responds, without a leader it knows, is followed")
    void what_a_server_without_a_leader_says_is_followed_while_it_is_not_cut_off_for_long() {
        follow("a", "b");
        consul.cutOffFor(3_500);
        list(51, "b", "c");
        views.awaitIds("b", "c");
        assertThat(views.retained()).isEmpty();
    }

    @Test
    @DisplayName("quorum lost: a server that has been cut off for long adds and changes, and takes nothing away")
    void what_a_server_says_that_is_cut_off_takes_nothing_away() {
        follow("a", "b");
        consul.cutOffFor(47_000);
        list(51, "b", "c");
        views.awaitIds("a", "b", "c");
        assertThat(views.retained()).containsExactly("a");

        consul.cutOffFor(0);
        list(52, "b", "c", "d");
        views.awaitIds("b", "c", "d");
        list(53, "b", "d");
        views.awaitIds("b", "d");
    }

    @Test
    @DisplayName("leader unknown: a server that says so takes nothing away")
    void what_a_server_says_that_knows_no_leader_takes_nothing_away() {
        follow("a", "b");
        consul.knowsNoLeader(true);
        list(51);
        views.awaitView(view -> view.retained().size() == 2);
        assertThat(views.ids()).containsExactly("a", "b");
        consul.knowsNoLeader(false);
        list(52, "a");
        views.awaitIds("a");
    }

    @Test
    @DisplayName("restarted empty, and services that never register again: who answers stays, who does not leaves")
    void what_is_retained_leaves_when_it_stops_answering() {
        follow("a", "b");
        list(13);
        views.awaitView(view -> view.retained().size() == 2);
        silentPorts.add(views.last().instances().get(0).port());
        views.awaitIds("b");
        assertThat(views.retained()).containsExactly("b");
    }

    @Test
    @DisplayName("the state says why instances are retained, until they are not any more")
    void the_doubt_is_in_the_status_as_long_as_something_is_retained() {
        Watch watch = follow("a", "b");
        list(13);
        await().until(() -> String.valueOf(watch.status().lastError()).contains("may have lost its data"));
        list(14, "a", "b");
        await().until(() -> watch.status().lastError() == null);
    }

    @Test
    @DisplayName("token without service:read, up to Consul 1.10: 200 with nothing, and an index that went forward")
    void a_token_that_lost_its_rights_takes_nothing_away_and_is_named() {
        Watch watch = follow("a", "b");
        consul.allowServiceRead(false);
        list(51);
        await().until(() -> String.valueOf(watch.status().lastError()).contains("is the ACL token allowed to read?"));
        assertThat(watch.status().failures()).isPositive();
        assertThat(views.ids()).containsExactly("a", "b");

        consul.allowServiceRead(true);
        list(52, "a", "b", "c");
        views.awaitIds("a", "b", "c");
        await().until(() -> watch.status().lastError() == null);
    }

    @Test
    @DisplayName("token without node:read: 200 with nothing, while the node is not to be seen")
    void what_a_token_may_not_read_of_nodes_is_retained() {
        Watch watch = follow("a", "b");
        consul.list("/v1/catalog/node/n1", 51, "null");
        list(51);
        views.awaitView(view -> view.retained().size() == 2);
        assertThat(watch.status().lastError()).contains("is the ACL token allowed to read the nodes?");
    }

    @Test
    @DisplayName("a list that is empty while its node still has the instances")
    void an_empty_list_is_not_believed_while_the_catalog_lists_the_instances() {
        follow("a", "b");
        consul.list("/v1/catalog/node/n1", 51, "{'Node':{},'Services':{'a':{},'b':{}}}");
        list(51);
        views.awaitView(view -> view.retained().size() == 2);
    }

    @Test
    @DisplayName("an empty first list: the token may not read")
    void an_empty_first_list_asks_whether_the_token_may_read() {
        consul.allowServiceRead(false);
        Watch watch = registry.watch("api", views);
        await().until(() -> String.valueOf(watch.status().lastError())
                .contains("no instance (403 for the service): is the ACL token"));
        consul.allowServiceRead(true);
        list(51, "a");
        views.awaitIds("a");
    }

    @Test
    @DisplayName("an empty first list of a service that the catalog lists: the token may not read nodes")
    void an_empty_first_list_of_a_service_that_is_in_the_catalog_is_named() {
        consul.list(CATALOG, 50, "{'api':[]}");
        Watch watch = registry.watch("api", views);
        await().until(() -> String.valueOf(watch.status().lastError()).contains("but the catalog lists the service"));
    }

    @Test
    @DisplayName("an empty first list of a service that has no instance yet is no trouble")
    void a_service_without_instances_is_no_trouble() {
        Watch watch = registry.watch("api", views);
        views.awaitIds();
        assertThat(watch.status().lastError()).isNull();
    }

    @Test
    @DisplayName("maintenance, then deregistered, from a registry in doubt")
    void what_was_in_maintenance_is_not_retained() {
        follow("a", "b");
        String maintenance =
                "'Checks':[{'CheckID':'_service_maintenance:a','Name':'Service Maintenance Mode','Status':'critical'}]";
        consul.listService("api", 51, instance("api", "a").replace("'Checks':[]", maintenance), instance("api", "b"));
        views.awaitView(view -> view.instances().get(0).health() == Health.MAINTENANCE);
        consul.begin(Trouble.REFUSED);
        list(60);
        consul.endTrouble();
        views.awaitIds("b");
    }

    @Test
    @DisplayName("a service that carries the tag, gone from the catalog alone")
    void a_service_that_only_the_catalog_misses_is_followed_on() {
        consul.list(CATALOG, 50, "{'v2':['api']}");
        consul.listService("v2", 50, instance("v2", "x", "api"));
        registry.watch("api", views);
        views.awaitIds("x");
        consul.allowServiceRead(false);
        consul.list(CATALOG, 51, "{}");
        consul.listService("v2", 51);
        consul.listService("api", 51, instance("api", "y"));
        views.awaitIds("x", "y");
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"LENGTH_OF_GIGABYTES", "CHUNKS_WITHOUT_END"})
    @DisplayName("a response that is too long for the memory")
    void a_response_without_end_is_not_read_and_said_in_one_sentence(Trouble endless) {
        Watch watch = follow("a");
        consul.begin(endless);
        await().until(() ->
                String.valueOf(watch.status().lastError()).contains("the response is longer than 1 MiB, the most"));
    }

    @Test
    @DisplayName("a response that comes to a halt")
    void a_response_that_comes_to_a_halt_is_given_up() {
        Watch watch = follow("a");
        consul.begin(Trouble.HALTED_IN_THE_BODY);
        await().until(() -> String.valueOf(watch.status().lastError()).contains("the response came to a halt"));
        list(51, "a", "b");
        consul.endTrouble();
        views.awaitIds("a", "b");
    }

    @Test
    @DisplayName("half-open: connections that stand and are silent, and others that work")
    void a_watch_whose_packets_go_nowhere_is_back_at_once_when_another_connection_works() {
        registry.close();
        registry = registry(Duration.ofMillis(100));
        Watch watch = follow("a");
        consul.begin(Trouble.SILENT);
        await().until(() -> String.valueOf(watch.status().lastError()).contains("not heard from for"));
        assertThat(watch.status().failures()).isPositive();
        list(51, "a", "b");
        consul.endTrouble();
        Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> views.ids().equals(List.of("a", "b")));
    }

    @Test
    @DisplayName("leader lost: 500 while it is elected, then the response")
    void a_leader_that_is_being_elected_costs_no_instance() {
        Watch watch = follow("a", "b");
        consul.begin(Trouble.STATUS_500);
        await().until(() -> watch.status().failures() >= 2);
        consul.endTrouble();
        list(51, "a", "b", "c");
        views.awaitIds("a", "b", "c");
        assertThat(views.all()).allSatisfy(view -> assertThat(view.instances()).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    @DisplayName("dev agent restarted: empty, with an index that went backwards")
    void a_restarted_agent_that_knows_nothing_holds_what_was_known() {
        follow("a", "b");
        list(13);
        views.awaitView(view -> view.retained().size() == 2);
        assertThat(views.ids()).containsExactly("a", "b");
    }

    @Test
    @DisplayName("dev agent restarted: empty, with an index that is higher than before")
    void a_restarted_agent_is_known_by_the_connection_that_broke_even_if_its_index_is_higher() {
        follow("a", "b");
        consul.begin(Trouble.REFUSED);
        list(4_000);
        consul.list(CATALOG, 4_000, "{}");
        consul.endTrouble();
        views.awaitView(view -> view.retained().size() == 2);
        assertThat(views.ids()).containsExactly("a", "b");
    }

    @Test
    @DisplayName("ACL token revoked, up to Consul 1.10: 200 with nothing, and the index that it had")
    void an_empty_response_at_the_index_of_a_full_one_is_not_believed() {
        registry.close();
        registry = registry(Duration.ofMillis(200));
        consul.waitAtMost(200);
        follow("a", "b");
        consul.listQuietly(API, 50, "[]");
        views.awaitView(view -> view.retained().size() == 2);
        assertThat(views.ids()).containsExactly("a", "b");
    }

    @Test
    @DisplayName("ACL-filtered: some of it may be read")
    void what_a_token_may_read_in_part_is_taken_as_it_comes() {
        follow("a", "b");
        consul.filterTo(API, 51, "[" + instance("api", "b") + "]");
        views.awaitIds("b");
    }

    @Test
    @DisplayName("slow: each response takes seconds")
    void a_slow_response_is_waited_for_and_is_no_failure() {
        Watch watch = follow("a");
        consul.thinkFor(2_500);
        list(51, "a", "b");
        views.awaitIds("a", "b");
        assertThat(watch.status().failures()).isZero();
        assertThat(views.retained()).isEmpty();
    }

    @Test
    @DisplayName("slow: no response at all, on a connection that stands")
    void a_response_that_never_comes_is_given_up_and_asked_for_again() {
        registry.close();
        // How long it really waits is BlockingQueryTest's: the wait that was asked for and 10 s.
        registry = HurriedRegistry.withTimeout(
                vertx,
                consul.address(),
                new ConsulWatchOptions(Duration.ofMillis(100), Duration.ofSeconds(30)),
                Duration.ofMillis(500));
        Watch watch = follow("a");
        consul.begin(Trouble.SILENT);
        await().until(() -> {
            String error = watch.status().lastError();
            return error != null && error.contains("not heard from for");
        });
        assertThat(views.all()).hasSize(1);
        list(51, "a", "b");
        consul.endTrouble();
        await().until(() -> views.ids().equals(List.of("a", "b")));
    }

    @Test
    @DisplayName("all critical: the view keeps them, it is the pool that decides")
    void instances_that_are_all_critical_stay_in_the_view() {
        follow("a", "b");
        String critical = "'Checks':[{'CheckID':'c','Name':'http','Status':'critical','Output':'down'}]";
        consul.listService(
                "api",
                51,
                instance("api", "a").replace("'Checks':[]", critical),
                instance("api", "b").replace("'Checks':[]", critical));
        views.awaitView(view -> view.instances().stream().allMatch(instance -> instance.health() == Health.CRITICAL));
        assertThat(views.ids()).containsExactly("a", "b");
        assertThat(views.retained()).isEmpty();
    }

    @Test
    @DisplayName("mass removal: the list shrinks by more than half, with an index that went forward")
    void many_that_deregister_at_a_time_are_believed_at_once() {
        follow("a", "b", "c", "d", "e");
        list(51, "e");
        views.awaitIds("e");
        assertThat(views.retained()).isEmpty();
    }

    @Test
    @DisplayName("empty after non-empty: the last instance deregisters")
    void the_last_one_that_deregisters_is_believed_at_once() {
        follow("a");
        list(51);
        views.awaitIds();
    }

    @Test
    @DisplayName("flapping: hundreds of changes in a short time")
    void a_service_that_changes_all_the_time_is_never_shown_half_and_ends_right() {
        follow("a");
        for (int change = 1; change <= 500; change++) {
            if (change % 50 == 0) {
                awaitBlockedAgain();
            }
            list(50 + change, change % 2 == 0 ? "a" : "b");
        }
        views.awaitIds("a");
        awaitBlockedAgain();
        assertThat(views.ids()).containsExactly("a");
        assertThat(views.all()).allSatisfy(view -> assertThat(view.instances()).hasSize(1));
    }

    @Test
    @DisplayName("the same address twice, and an instance without a port")
    void odd_instances_do_not_hide_the_others() {
        follow("a");
        String twin = instance("api", "a").replace("'ID':'a'", "'ID':'twin'");
        String portless = instance("api", "x").replaceAll("'Port':\\d+", "'Port':0");
        consul.listService("api", 51, instance("api", "a"), twin, portless, instance("api", "b"));
        views.awaitIds("a", "b");
    }
}
