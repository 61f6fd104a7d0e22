package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.RouteCandidates.Passed;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RouteCandidatesTest {
    private final RouteTable table = new RouteTable(List.of(
            route("shop.example.com", "/api/v2", RequestMatch.ANY, "exact"),
            route("*.example.com", "/api", RequestMatch.ANY, "below"),
            route("", "/api", new RequestMatch(List.of("POST"), Map.of("x-version", "2"), Map.of()), "second"),
            route("", "/api", RequestMatch.ANY, "api"),
            route("", "/", RequestMatch.ANY, "web")));

    @Test
    void the_next_best_come_in_the_order_in_which_they_are_tried_each_with_its_reason() {
        RouteCandidates found = RouteCandidates.of(table, "shop.example.com", "/api/v2/x", RoutedFacts.NONE);

        assertThat(target(found)).isEqualTo("exact");
        assertThat(found.why()).isEqualTo("the host is exactly shop.example.com; the path is /api/v2 or below");
        assertThat(found.others())
                .extracting(each -> each.route().describeTarget() + ": " + each.why())
                .containsExactly(
                        "below: its host, *.example.com, is less specific than shop.example.com",
                        "second: the method is GET, not POST",
                        "api: it is for any host, and shop.example.com is more specific",
                        "web: it is for any host, and shop.example.com is more specific");
    }

    @Test
    void a_condition_that_is_not_met_is_named_with_what_was_given() {
        RouteCandidates none = RouteCandidates.of(table, null, "/api", post(Map.of()));
        RouteCandidates other = RouteCandidates.of(table, null, "/api", post(Map.of("x-version", "3")));
        RouteCandidates met = RouteCandidates.of(table, null, "/api", post(Map.of("x-version", "2")));

        assertThat(none.others())
                .extracting(Passed::why)
                .containsExactly("there is no field x-version (expected: 2)", "its path is shorter than /api");
        assertThat(other.others().get(0).why()).isEqualTo("the field x-version is \"3\", not \"2\"");
        assertThat(target(met)).isEqualTo("second");
        assertThat(met.why()).endsWith("its conditions are met (POST, x-version: 2)");
        assertThat(met.others()).extracting(Passed::why).contains("it has fewer conditions");
    }

    @Test
    void where_no_route_is_for_the_host_those_of_others_are_named() {
        RouteTable hosts = new RouteTable(List.of(
                route("shop.example.com", "/", RequestMatch.ANY, "shop"),
                route("*.example.org", "/img", RequestMatch.ANY, "img")));

        RouteCandidates found = RouteCandidates.of(hosts, "shpo.example.com", "/img/x", RoutedFacts.NONE);

        assertThat(found.taken()).isNull();
        assertThat(found.why()).isEqualTo("no route is for this host and path");
        assertThat(found.elsewhere()).extracting(Route::describeTarget).containsExactly("shop", "img");
    }

    private static String target(RouteCandidates found) {
        return Objects.requireNonNull(found.taken()).route().describeTarget();
    }

    private static RoutedFacts post(Map<String, String> fields) {
        return new RoutedFacts() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public @Nullable String header(String name) {
                return fields.get(name);
            }
        };
    }

    private static Route route(String host, String path, RequestMatch match, String tag) {
        HostPattern pattern = Objects.requireNonNull(HostPattern.parse(host));
        return new Route(
                new RouteKey(pattern, path, match), new TagTarget(tag), RouteOptions.DEFAULT, RouteOrigin.DEFAULT);
    }
}
