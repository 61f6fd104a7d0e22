package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final Route ROOT = new Route("/", "web");
    private static final Route API = new Route("/api", "api");
    private static final Route API_V2 = new Route("/api/v2", "api-two");

    @Test
    void the_longest_prefix_wins_whatever_the_order() {
        List<List<Route>> orders = List.of(
                List.of(ROOT, API, API_V2),
                List.of(ROOT, API_V2, API),
                List.of(API, ROOT, API_V2),
                List.of(API, API_V2, ROOT),
                List.of(API_V2, ROOT, API),
                List.of(API_V2, API, ROOT));
        for (List<Route> order : orders) {
            RouteTable table = new RouteTable(order);

            assertThat(table.match("/api/v2/x")).isEqualTo(API_V2);
            assertThat(table.match("/api/v1")).isEqualTo(API);
            assertThat(table.match("/other")).isEqualTo(ROOT);
            assertThat(table.routes()).containsExactly(API_V2, API, ROOT);
        }
    }

    @ParameterizedTest(name = "{0} goes to {1}")
    @CsvSource({
        "/,             web",
        "/api,          api",
        "/api/,         api",
        "/api/x,        api",
        "/apix,         web",
        "/apix/api,     web",
        "/ap,           web",
        "/API,          web",
        "/x/api,        web",
        "/api/v2,       api-two",
        "/api/v2/,      api-two",
        "/api/v2/a/b/c, api-two",
        "/api/v22,      api",
        "/api%2Fv2,     web",
        "*,             web",
    })
    void prefixes_end_at_the_boundary_of_a_segment(String path, String target) {
        assertThat(target(new RouteTable(List.of(ROOT, API, API_V2)), path)).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({"/", "/apix", "/other/api"})
    void a_path_that_no_route_takes_has_none(String path) {
        assertThat(new RouteTable(List.of(API)).match(path)).isNull();
    }

    @Test
    void a_table_without_routes_takes_nothing() {
        assertThat(new RouteTable(List.of()).match("/")).isNull();
    }

    @Test
    void a_slash_at_the_end_of_a_prefix_means_nothing() {
        RouteTable table = new RouteTable(List.of(new Route("/api/", "api")));

        assertThat(target(table, "/api")).isEqualTo("api");
        assertThat(target(table, "/api/x")).isEqualTo("api");
        assertThat(target(table, "/apix")).isNull();
    }

    @Test
    void two_routes_with_the_same_prefix_are_refused_and_both_are_named() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RouteTable(List.of(API, ROOT, new Route("/api/", "other"))))
                .withMessageContaining("/api")
                .withMessageContaining("other")
                .withMessageContaining("expected: one");
    }

    @Test
    void a_prefix_that_is_no_path_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Route("api", "api"))
                .withMessageContaining("\"api\"")
                .withMessageContaining("starts with /");
    }

    @Test
    void a_blank_target_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Route("/api", " "))
                .withMessageContaining("a tag or a service name");
    }

    private static @Nullable String target(RouteTable table, String path) {
        Route route = table.match(path);
        return route == null ? null : route.describeTarget();
    }
}
