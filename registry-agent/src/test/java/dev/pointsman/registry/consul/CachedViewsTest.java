package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static dev.pointsman.registry.consul.ScriptedConsul.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.CatalogView;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceSelection;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.cache.FileServiceCache;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that follows Consul, ends, and begins anew with what its cache file knows. */
@Timeout(120)
class CachedViewsTest {
    private static final String CATALOG = "/v1/catalog/services";

    private final Path folder;
    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final RecordedViews views = new RecordedViews();
    private FileServiceCache cache;
    private ConsulRegistry registry;

    CachedViewsTest(@TempDir Path folder) {
        this.folder = folder;
        this.cache = openCache();
        this.registry = registry();
    }

    @BeforeEach
    void an_earlier_process_knew_two_of_api_and_one_that_carries_the_tag() throws Exception {
        consul.list(CATALOG, 50, "{'api':[],'v2':['api','old']}");
        consul.listService("api", 50, instance("api", "a"), instance("api", "b"));
        consul.listService("v2", 50, instance("v2", "c", "api", "old"));
        registry.watch("api", views);
        views.awaitIds("a", "b", "c");
        end();
        views.all().clear();
    }

    @AfterEach
    void close() throws Exception {
        end();
        vertx.close().await();
        consul.close();
    }

    private void begin() {
        cache = openCache();
        registry = registry();
    }

    private FileServiceCache openCache() {
        return FileServiceCache.open(
                folder.resolve("view.json"), consul.address().scope());
    }

    private ConsulRegistry registry() {
        return HurriedRegistry.with(
                vertx,
                consul.address(),
                new ConsulWatchOptions(Duration.ofSeconds(30), ConsulWatchOptions.WHILE_ANSWERING),
                (host, port) -> Future.succeededFuture(true),
                cache);
    }

    private void end() throws Exception {
        registry.close();
        cache.end().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private List<String> stale() {
        return views.last().stale().stream().map(InstanceKey::id).sorted().toList();
    }

    @Test
    void while_consul_is_down_the_last_good_view_is_the_first_one_and_says_that_it_is_stale() {
        consul.begin(Trouble.REFUSED);
        begin();
        Watch watch = registry.watch("api", views);
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(20));
        views.awaitIds("a", "b", "c");
        assertThat(stale()).containsExactly("a", "b", "c");
        await().until(() -> watch.status().failures() > 3);
        assertThat(views.all()).hasSize(1);
        assertThat(watch.status().lastResponse()).isNull();
    }

    @Test
    void services_that_are_chosen_by_their_tags_are_stale_in_the_same_way_until_consul_responds() {
        consul.begin(Trouble.REFUSED);
        begin();
        Recorded<CatalogView> chosen = new Recorded<>();
        Following<CatalogView> watch = registry.follow(ServiceSelection.byTag("api", "api"::equals), chosen);
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(20));
        chosen.awaitView(view -> view.of("v2").stale().size() == 1);
        assertThat(chosen.last().services()).containsOnlyKeys("v2");

        consul.endTrouble();
        chosen.awaitView(view -> view.of("v2").stale().isEmpty());
        assertThat(chosen.last().instances()).hasSize(1);
    }

    @Test
    void a_consul_that_says_nothing_at_all_is_not_waited_for() {
        consul.begin(Trouble.SILENT);
        begin();
        Watch watch = registry.watch("api", views);
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(5));
        assertThat(stale()).containsExactly("a", "b", "c");
    }

    @Test
    void a_consul_that_responds_at_once_replaces_what_is_cached_at_once() {
        consul.list(CATALOG, 60, "{'api':[]}");
        consul.listService("api", 60, instance("api", "b"), instance("api", "d"));
        consul.listService("v2", 60);
        begin();
        registry.watch("api", views);
        views.awaitIds("b", "d");
        assertThat(stale()).isEmpty();
        assertThat(views.retained()).isEmpty();
    }

    @Test
    void when_consul_comes_its_facts_win_and_what_it_does_not_list_is_retained_as_after_any_outage() {
        consul.begin(Trouble.REFUSED);
        begin();
        Watch watch = registry.watch("api", views);
        await().until(() -> watch.status().failures() > 3);
        consul.listService(
                "api", 60, instance("api", "b").replaceAll("'Port':\\d+", "'Port':4711"), instance("api", "d"));
        consul.endTrouble();
        views.awaitView(view -> view.stale().isEmpty() && view.instances().size() == 4);
        assertThat(views.ids()).containsExactly("a", "b", "c", "d");
        assertThat(views.last().instances().get(1).port()).isEqualTo(4711);
        assertThat(views.retained()).containsExactly("a");
        assertThat(views.all()).allSatisfy(view -> assertThat(view.instances()).hasSizeGreaterThanOrEqualTo(3));
    }

    @Test
    void a_consul_that_lost_its_state_meanwhile_is_found_out_by_its_index() {
        consul.list(CATALOG, 3, "{}");
        consul.listService("api", 3);
        consul.listService("v2", 3);
        begin();
        registry.watch("api", views);
        views.awaitView(view -> view.retained().size() == 3);
        assertThat(views.all()).allSatisfy(view -> assertThat(view.instances()).hasSize(3));
        consul.listService("api", 4, instance("api", "a"), instance("api", "b"));
        views.awaitView(view -> view.retained().size() == 1);
    }

    @Test
    void a_service_for_which_consul_goes_on_failing_stays_stale_beside_one_for_which_it_responds() {
        consul.listService("api", 60, instance("api", "b"));
        consul.list("/v1/health/service/v2", 60, "this is no list");
        begin();
        registry.watch("api", views);
        views.awaitIds("b", "c");
        assertThat(stale()).containsExactly("c");
    }

    @Test
    void each_change_is_in_the_file_a_moment_later() {
        begin();
        registry.watch("api", views);
        consul.listService("api", 60, instance("api", "unheard-of"));
        await().until(() -> Files.readString(folder.resolve("view.json")).contains("unheard-of"));
    }

    @Test
    void a_target_that_the_file_does_not_know_waits_for_consul() {
        consul.begin(Trouble.STATUS_500);
        begin();
        Watch watch = registry.watch("web", views);
        await().until(() -> watch.status().failures() > 3);
        assertThat(views.all()).isEmpty();
        assertThat(watch.firstView().toCompletableFuture()).isNotDone();
    }
}
