package dev.pointsman.registry.consul;

import static dev.pointsman.registry.consul.Recorded.await;
import static dev.pointsman.registry.consul.ScriptedConsul.instance;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.CatalogView;
import dev.pointsman.registry.Following;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceSelection;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.consul.ScriptedConsul.Trouble;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services that are followed because of the tags that they carry. */
@Timeout(120)
class ServiceSelectionTest {
    private static final String CATALOG = "/v1/catalog/services";
    private static final ServiceSelection ANNOUNCING =
            ServiceSelection.byTagPrefix("services that announce routes", Set.of("pointsman.route", "urlprefix-"));

    private final Vertx vertx = Vertx.vertx();
    private final ScriptedConsul consul = new ScriptedConsul();
    private final Recorded<CatalogView> views = new Recorded<>();
    private ConsulRegistry registry = registry(Duration.ofSeconds(30));

    private ConsulRegistry registry(Duration retain) {
        return HurriedRegistry.withShortPauses(
                vertx, consul.address(), new ConsulWatchOptions(Duration.ofSeconds(30), retain));
    }

    @AfterEach
    void close() {
        registry.close();
        vertx.close().await();
        consul.close();
    }

    private static List<String> ids(CatalogView view) {
        return view.instances().map(i -> i.key().id()).toList();
    }

    private void awaitIds(String... ids) {
        views.awaitView(view -> ids(view).equals(List.of(ids)));
    }

    private Following<CatalogView> followTwoServices() {
        consul.list(CATALOG, 50, "{'api':['urlprefix-/api'],'db':['primary'],'web':['x',' pointsman.route=/web']}");
        consul.listService("api", 50, instance("api", "a", "urlprefix-/api"), instance("api", "b"));
        consul.listService("db", 50, instance("db", "d", "primary"));
        consul.listService("web", 50, instance("web", "w", "x", " pointsman.route=/web"));
        Following<CatalogView> watch = registry.follow(ANNOUNCING, views);
        awaitIds("a", "b", "w");
        await().until(() ->
                consul.blocked().equals(List.of(CATALOG, "/v1/health/service/api", "/v1/health/service/web")));
        return watch;
    }

    @Test
    void services_with_such_a_tag_are_followed_with_all_of_their_instances_and_others_are_not_asked_for() {
        Following<CatalogView> watch = followTwoServices();
        assertThat(views.all()).hasSize(1);
        assertThat(views.last().changed()).containsExactlyInAnyOrder("api", "web");
        assertThat(views.last().of("web").instances())
                .extracting(Instance::tags)
                .containsExactly(List.of("x", " pointsman.route=/web"));
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(views.last());
        assertThat(watch.status().index()).isEqualTo(50);
        assertThat(consul.requests()).noneMatch(request -> request.contains("service/db"));
    }

    @Test
    void a_change_of_one_service_leaves_the_views_of_the_others_as_they_are() {
        followTwoServices();
        CatalogView before = views.last();
        consul.listService("web", 51, instance("web", "w"), instance("web", "w2"));
        awaitIds("a", "b", "w", "w2");
        assertThat(views.last().changed()).containsExactly("web");
        assertThat(views.last().of("api")).isSameAs(before.of("api"));
    }

    @Test
    void a_service_comes_and_goes_with_its_tag() {
        registry.close();
        registry = registry(Duration.ofMillis(300));
        followTwoServices();
        consul.list(CATALOG, 51, "{'api':['urlprefix-/api'],'db':['primary','urlprefix-/db'],'web':['x']}");
        awaitIds("a", "b", "d");
        assertThat(views.last().services()).containsOnlyKeys("api", "db");
        await().until(() ->
                consul.blocked().equals(List.of(CATALOG, "/v1/health/service/api", "/v1/health/service/db")));
    }

    @Test
    void every_service_is_followed_where_that_is_chosen() {
        consul.list(CATALOG, 50, "{'api':[],'db':['primary']}");
        consul.listService("api", 50, instance("api", "a"));
        consul.listService("db", 50, instance("db", "d", "primary"));
        registry.follow(ServiceSelection.everyService("all"), views);
        awaitIds("a", "d");
        consul.listService("new", 51, instance("new", "n"));
        consul.list(CATALOG, 51, "{'api':[],'db':['primary'],'new':[]}");
        awaitIds("a", "d", "n");
        assertThat(views.last().changed()).containsExactly("new");
    }

    @Test
    void without_any_such_service_the_first_view_is_an_empty_one() {
        consul.list(CATALOG, 50, "{'db':['primary']}");
        Following<CatalogView> watch = registry.follow(ANNOUNCING, views);
        assertThat(watch.firstView()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(views.all()).hasSize(1);
        assertThat(views.last().services()).isEmpty();
    }

    @Test
    void the_first_view_waits_for_every_service() {
        consul.list(CATALOG, 50, "{'api':['urlprefix-/a'],'web':['urlprefix-/w']}");
        consul.listService("api", 50, instance("api", "a"));
        consul.listService("web", 50, instance("web", "w"));
        registry.follow(ANNOUNCING, views);
        awaitIds("a", "w");
        assertThat(views.all()).hasSize(1);
    }

    @Test
    void two_registrations_of_one_address_are_both_there_since_each_may_announce_another_route() {
        consul.list(CATALOG, 50, "{'api':['urlprefix-/a','urlprefix-/b']}");
        String one = instance("api", "a", "urlprefix-/a");
        consul.listService("api", 50, one, one.replace("'ID':'a'", "'ID':'b'").replace("urlprefix-/a", "urlprefix-/b"));
        registry.follow(ANNOUNCING, views);
        awaitIds("a", "b");
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"SILENT", "HALTED_IN_THE_BODY"},
            mode = EnumSource.Mode.EXCLUDE)
    void in_every_trouble_the_last_view_stays_and_afterwards_the_truth_is_found_again(Trouble trouble) {
        Following<CatalogView> watch = followTwoServices();
        consul.begin(trouble);
        await().until(() -> watch.status().failures() >= 3);
        assertThat(views.all()).hasSize(1);

        consul.listService("api", 60, instance("api", "b"), instance("api", "c"));
        consul.endTrouble();
        awaitIds("a", "b", "c", "w");
        assertThat(retained(views.last().of("api"))).containsExactly("a");
        await().until(() -> watch.status().failures() == 0);
    }

    private static List<String> retained(ServiceView view) {
        return view.retained().stream().map(key -> key.id()).toList();
    }

    @Test
    void a_consul_that_comes_back_empty_takes_no_service_away() {
        followTwoServices();
        consul.list(CATALOG, 3, "{}");
        consul.listService("api", 3);
        consul.listService("web", 3);
        views.awaitView(view -> view.services().values().stream()
                .allMatch(service ->
                        service.retained().size() == service.instances().size()));
        assertThat(ids(views.last())).containsExactly("a", "b", "w");
        consul.listService("web", 4, instance("web", "w"));
        views.awaitView(view -> view.of("web").retained().isEmpty());
        assertThat(ids(views.last())).containsExactly("a", "b", "w");
    }

    @Test
    void a_watch_that_is_closed_follows_no_service_any_more() {
        Following<CatalogView> watch = followTwoServices();
        watch.close();
        await().until(() -> consul.blocked().isEmpty());
        consul.listService("web", 51);
        assertThat(views.all()).hasSize(1);
    }
}
