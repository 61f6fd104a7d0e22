package dev.pointsman.balancer.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.testkit.RoutingVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which route a request takes, by the shared cases in our own language. */
class MatchingVectorsTest {
    static Stream<RoutingVector> ownLanguage() {
        return RoutingVector.of("matching", "native");
    }

    @ParameterizedTest
    @MethodSource("ownLanguage")
    void a_request_takes_the_route_that_the_case_says(RoutingVector vector) {
        List<Route> routes = new ArrayList<>();
        vector.input().path("routes").forEach(route -> routes.add(route(route.asText())));
        String host = vector.input().path("request").path("host").asText();
        RequestTarget target =
                RequestTarget.of(vector.input().path("request").path("path").asText());

        TableEntry found = new RouteTable(routes).find(host, target.path(), RoutedFacts.NONE);

        String taken = found == null ? "404" : found.route().describeTarget();
        assertThat(taken)
                .isEqualTo(
                        vector.expected().has("route")
                                ? vector.expected().path("route").asText()
                                : vector.expected().path("status").asText());
    }

    private static Route route(String key) {
        int slash = key.indexOf('/');
        HostPattern host = Objects.requireNonNull(HostPattern.parse(key.substring(0, slash)));
        return new Route(
                new RouteKey(host, key.substring(slash), RequestMatch.ANY),
                new TagTarget(key),
                RouteOptions.DEFAULT,
                RouteOrigin.DEFAULT);
    }
}
