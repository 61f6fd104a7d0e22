package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestMatchTest {
    private static final RequestMatch POSTS = new RequestMatch(List.of("POST", "PUT"), Map.of(), Map.of());
    private static final RequestMatch VERSION_2 = new RequestMatch(List.of(), Map.of("x-version", "2"), Map.of());
    private static final RequestMatch BETA = new RequestMatch(List.of(), Map.of(), Map.of("beta", "yes please"));
    private static final RequestMatch BETA_POSTS =
            new RequestMatch(List.of("POST"), Map.of(), Map.of("beta", "yes please"));

    private final RouteTable table = new RouteTable(List.of(
            route("/api", RequestMatch.ANY, "plain"),
            route("/api", POSTS, "posts"),
            route("/api", BETA_POSTS, "beta posts"),
            route("/api", BETA, "beta"),
            route("/api/new", VERSION_2, "version 2"),
            route("/", RequestMatch.ANY, "root")));

    private record Asked(String method, Map<String, String> fields, Map<String, String> query) implements RoutedFacts {
        @Override
        public @Nullable String header(String name) {
            return fields.get(name);
        }

        @Override
        public @Nullable String queryParameter(String name) {
            return query.get(name);
        }
    }

    @Test
    void of_the_routes_of_one_path_the_one_with_the_most_conditions_that_are_met_is_taken() {
        assertThat(taken("/api/x", asked("GET"))).isEqualTo("plain");
        assertThat(taken("/api/x", asked("POST"))).isEqualTo("posts");
        assertThat(taken("/api/x", asked("PUT"))).isEqualTo("posts");
        assertThat(taken("/api/x", new Asked("GET", Map.of(), Map.of("beta", "yes please"))))
                .isEqualTo("beta");
        assertThat(taken("/api/x", new Asked("POST", Map.of(), Map.of("beta", "yes please"))))
                .isEqualTo("beta posts");
    }

    @Test
    void methods_and_values_are_case_sensitive() {
        assertThat(taken("/api/x", asked("post"))).isEqualTo("plain");
        assertThat(taken("/api/x", new Asked("GET", Map.of(), Map.of("beta", "YES PLEASE"))))
                .isEqualTo("plain");
    }

    @Test
    void where_no_condition_of_a_path_is_met_the_next_shorter_path_is_tried() {
        assertThat(taken("/api/new", new Asked("GET", Map.of("x-version", "2"), Map.of())))
                .isEqualTo("version 2");
        assertThat(taken("/api/new", new Asked("GET", Map.of("x-version", "3"), Map.of())))
                .isEqualTo("plain");
        assertThat(taken("/api/new", asked("POST"))).isEqualTo("posts");
    }

    private String taken(String path, RoutedFacts request) {
        TableEntry found = table.find("example.com", path, request);
        return found == null ? "404" : found.route().describeTarget();
    }

    private static Asked asked(String method) {
        return new Asked(method, Map.of(), Map.of());
    }

    private static Route route(String path, RequestMatch match, String target) {
        return new Route(
                new RouteKey(HostPattern.ANY, path, match),
                new TagTarget(target),
                RouteOptions.DEFAULT,
                RouteOrigin.DEFAULT);
    }
}
