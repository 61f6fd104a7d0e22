package dev.pointsman.balancer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.plan.PlannedGroup.PlannedExample;
import dev.pointsman.balancer.plan.PlannedGroup.PlannedFlow;
import dev.pointsman.balancer.plan.RoutePlan.PlannedFate;
import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.RouteTable;
import dev.pointsman.balancer.route.TagTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutePlanTest {
    private final List<RecentRequest> recent = new ArrayList<>();

    @Test
    void the_same_table_changes_nothing() {
        RouteTable table = table(new Route("/api", "api"), new Route("/shop", "shop"));
        ask(3, "/api/x");
        ask(2, "/nowhere");

        RoutePlan plan = RoutePlan.of(recent, table, table);

        assertThat(plan.unchanged()).isEqualTo(3);
        assertThat(plan.unrouted()).isEqualTo(2);
        for (PlannedFate fate : PlannedFate.values()) {
            assertThat(plan.group(fate).requests()).as(fate.name()).isZero();
        }
        assertThat(plan.unused()).extracting(Route::prefix).containsExactly("/shop");
        assertThat(plan.losesRequests()).isFalse();
    }

    @Test
    void requests_move_get_lost_and_are_found() {
        RouteTable now = table(new Route("/api", "api"), new Route("/old", "old"));
        RouteTable then = table(new Route("/api", "api"), new Route("/api/v2", "next"), new Route("/new", "fresh"));
        ask(5, "/api/v2/cart");
        ask(1, "/api/x");
        ask(2, "/old/a");
        ask(4, "/new/b");

        RoutePlan plan = RoutePlan.of(recent, now, then);

        assertThat(plan.requests()).isEqualTo(12);
        assertThat(plan.unchanged()).isEqualTo(1);
        assertThat(plan.group(PlannedFate.MOVED).flows())
                .containsExactly(new PlannedFlow("/api -> api", "/api/v2 -> next", 5));
        assertThat(plan.group(PlannedFate.LOST).examples())
                .containsExactly(new PlannedExample("GET", "shop.example.com", "/old/a", "/old -> old", "404", 2));
        assertThat(plan.group(PlannedFate.GAINED).flows()).containsExactly(new PlannedFlow("404", "/new -> fresh", 4));
        assertThat(plan.losesRequests()).isTrue();
    }

    @Test
    void another_target_of_the_same_route_is_a_move_and_a_changed_route() {
        RouteTable now = table(new Route("/api", "api"));
        ask(7, "/api");

        RoutePlan plan = RoutePlan.of(recent, now, table(new Route("/api", "other")));

        assertThat(plan.group(PlannedFate.MOVED).requests()).isEqualTo(7);
        assertThat(plan.routes().changed()).hasSize(1).allMatch(RouteDifference.AlteredRoute::isOfTarget);
    }

    @Test
    void the_same_target_by_another_route_is_no_move() {
        RouteTable now = table(new Route("/", "web"));
        ask(2, "/a");

        RoutePlan plan = RoutePlan.of(recent, now, table(new Route("/", "web"), new Route("/a", "web")));

        assertThat(plan.group(PlannedFate.MOVED).requests()).isZero();
        assertThat(plan.group(PlannedFate.ALTERED).requests()).isEqualTo(2);
    }

    @Test
    void the_ten_most_frequent_examples_are_named_the_most_frequent_first() {
        RouteTable now = table(new Route("/", "web"));
        for (int i = 1; i <= 12; i++) {
            ask(i, "/p" + i);
        }

        PlannedGroup lost =
                RoutePlan.of(recent, now, table(new Route("/other", "web"))).group(PlannedFate.LOST);

        assertThat(lost.requests()).isEqualTo(78);
        assertThat(lost.examples()).hasSize(10);
        assertThat(lost.examples().get(0).path()).isEqualTo("/p12");
        assertThat(lost.examples().get(9).path()).isEqualTo("/p3");
    }

    @Test
    void what_depends_on_a_field_that_is_not_kept_is_uncertain() {
        Route plain = new Route("/api", "api");
        Route beta = conditional("/api", new RequestMatch(List.of(), Map.of("x-version", "2"), Map.of()), "beta");
        ask(6, "/api/x");

        RoutePlan plan = RoutePlan.of(recent, table(plain), table(plain, beta));

        assertThat(plan.group(PlannedFate.UNCERTAIN).requests()).isEqualTo(6);
        assertThat(plan.unused()).isEmpty();
    }

    @Test
    void a_condition_that_is_the_same_in_both_tables_leaves_nothing_uncertain() {
        Route plain = new Route("/api", "api");
        Route beta = conditional("/api", new RequestMatch(List.of(), Map.of("x-version", "2"), Map.of()), "beta");
        ask(6, "/api/x");

        RoutePlan plan = RoutePlan.of(recent, table(plain, beta), table(plain, beta, new Route("/new", "new")));

        assertThat(plan.unchanged()).isEqualTo(6);
    }

    @Test
    void of_a_request_that_met_a_condition_that_much_is_known() {
        RequestMatch second = new RequestMatch(List.of(), Map.of("x-version", "2"), Map.of());
        Route now = conditional("/api", second, "beta");
        recent.add(new RecentRequest("GET", null, "/api/x", now, 0));

        RoutePlan plan = RoutePlan.of(recent, table(now), table(conditional("/api", second, "other")));

        assertThat(plan.group(PlannedFate.MOVED).flows())
                .extracting(PlannedFlow::to)
                .containsExactly("/api [x-version: 2] -> other");
    }

    @Test
    void methods_are_kept_so_that_they_are_certain() {
        Route reads = new Route("/api", "api");
        Route writes = conditional("/api", new RequestMatch(List.of("POST"), Map.of(), Map.of()), "writer");
        ask(3, "/api");
        recent.add(new RecentRequest("POST", null, "/api", reads, 0));

        RoutePlan plan = RoutePlan.of(recent, table(reads), table(reads, writes));

        assertThat(plan.unchanged()).isEqualTo(3);
        assertThat(plan.group(PlannedFate.MOVED).requests()).isEqualTo(1);
    }

    @Test
    void its_text_has_the_totals_first() {
        RouteTable now = table(new Route("/api", "api"), new Route("/old", "old"));
        RouteTable then = table(new Route("/api", "next"), new Route("/unused", "x"));
        ask(1200, "/api/cart");
        ask(3, "/old/\u001b[31m");

        String text = PlanText.of(RoutePlan.of(recent, now, then), "Plan: new.yaml in place of table 1 (2 routes)", "");

        assertThat(text).isEqualTo("""
                Plan: new.yaml in place of table 1 (2 routes)

                Requests: 1,203 replayed
                      0  unchanged
                      3  have a route now and would get 404
                  1,200  would go to another target

                Routes: 2 then; 1 added, 1 removed, 1 with another target, 0 with other options
                  added    /unused -> x
                  removed  /old -> old
                  target   /api: api => next
                  unused   /unused

                Would get 404: 3
                      3  /old -> old  =>  404
                  most frequent:
                      3  GET shop.example.com/old/\\u001b[31m

                Another target: 1,200
                  1,200  /api -> api  =>  /api -> next
                  most frequent:
                  1,200  GET shop.example.com/api/cart
                """);
    }

    @Test
    void another_host_that_instances_get_is_named() {
        RouteOptions ofInstance = new RouteOptions(
                RouteOptions.HOST_OF_INSTANCE, PathRewrite.NONE, null, null, null, PoolSettings.DEFAULT, null);
        RouteTable now = table(new Route("/api", "api"), new Route("/b", "b"));
        RouteTable then = table(new Route("/api", "api", ofInstance), new Route("/b", "c", ofInstance));

        assertThat(PlanText.of(RoutePlan.of(recent, now, then), "Plan", ""))
                .contains("  options  /api, host as-sent => instance\n")
                .contains("  target   /b: b => c, host as-sent => instance\n");
    }

    private void ask(int times, String path) {
        for (int i = 0; i < times; i++) {
            recent.add(new RecentRequest("GET", "Shop.example.com:8080", path, null, i));
        }
    }

    private static Route conditional(String path, RequestMatch match, String tag) {
        return new Route(
                new RouteKey(HostPattern.ANY, path, match),
                new TagTarget(tag),
                RouteOptions.DEFAULT,
                RouteOrigin.DEFAULT);
    }

    private static RouteTable table(Route... routes) {
        return new RouteTable(List.of(routes));
    }
}
