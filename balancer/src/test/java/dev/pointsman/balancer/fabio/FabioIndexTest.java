package dev.pointsman.balancer.fabio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.http.RequestTarget;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteLookup.RoutedFacts;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.testkit.RoutingVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FabioIndexTest {
    static Stream<RoutingVector> vectors() {
        return RoutingVector.of("matching", "fabio");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void a_request_takes_the_route_that_fabio_takes(RoutingVector vector) {
        JsonNode input = vector.input();
        String matcher = input.path("matcher").asText("prefix").toUpperCase(Locale.ROOT);
        String[] routes = StreamSupport.stream(input.path("routes").spliterator(), false)
                .map(JsonNode::asText)
                .toArray(String[]::new);
        FabioIndex index = index(FabioMatcher.valueOf(matcher), routes);

        String found = find(
                index,
                input.path("request").path("host").asText(),
                input.path("request").path("path").asText());

        assertThat(found).isEqualTo(vector.expected().path("route").asText(null));
    }

    @Test
    void a_port_80_in_a_route_is_left_out_too_and_the_route_with_it_is_tried_first() {
        FabioIndex index = index(FabioMatcher.PREFIX, "a.com/x", "a.com:80/", "b.com:81/");

        assertThat(find(index, "a.com", "/x")).isEqualTo("a.com:80/");
        assertThat(find(index, "a.com:80", "/x")).isEqualTo("a.com:80/");
        assertThat(find(index, "b.com:81", "/")).isEqualTo("b.com:81/");
        assertThat(find(index, "b.com", "/")).isNull();
        assertThat(index.candidates("a.com", "/x").stream().map(each -> name(each.route())))
                .containsExactly("a.com:80/", "a.com/x");
    }

    @Test
    void a_dot_at_the_end_of_a_host_counts() {
        assertThat(find(index(FabioMatcher.PREFIX, "a.com/"), "a.com.", "/")).isNull();
    }

    @Test
    void hosts_are_tried_by_their_reversed_names_so_that_braces_are_before_letters() {
        FabioIndex index = index(FabioMatcher.PREFIX, "*/", "*.com/", "a.com/", "{a,b}.com/", "/");

        assertThat(index.candidates("a.com", "/").stream().map(each -> name(each.route())))
                .containsExactly("{a,b}.com/", "a.com/", "*.com/", "*/", "/");
    }

    @Test
    void a_path_is_matched_decoded_once() {
        FabioIndex index = index(FabioMatcher.PREFIX, "/a/b", "/\u00fc", "/c d", "/%41", "/");

        assertThat(find(index, "x", "/a%2Fb")).isEqualTo("/a/b");
        assertThat(find(index, "x", "/%C3%BC/x")).isEqualTo("/\u00fc");
        assertThat(find(index, "x", "/c%20d")).isEqualTo("/c d");
        assertThat(find(index, "x", "/%2541")).isEqualTo("/%41");
        assertThat(find(index, "x", "/y%2F../a/b")).isEqualTo("/a/b");
    }

    @Test
    void without_regard_to_case_the_order_is_still_that_of_the_bytes() {
        FabioIndex index = index(FabioMatcher.IPREFIX, "/foo", "/Foo/bar", "/FOO/bar/baz");

        assertThat(find(index, "x", "/foo/bar/baz")).isEqualTo("/foo");
        assertThat(find(index(FabioMatcher.IPREFIX, "/foo", "/foo/BAR"), "x", "/FOO/bar"))
                .isEqualTo("/foo/BAR");
    }

    @Test
    void a_request_without_a_host_takes_a_route_of_any_host() {
        assertThat(find(index(FabioMatcher.PREFIX, "*/", "/a"), null, "/a")).isEqualTo("/a");
    }

    @Test
    void prefixes_of_any_shape_are_found_as_by_trying_all_of_them() {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            FabioMatcher matcher = random.nextBoolean() ? FabioMatcher.PREFIX : FabioMatcher.IPREFIX;
            String[] routes = Stream.generate(() -> path(random))
                    .limit(1 + random.nextInt(12))
                    .distinct()
                    .toArray(String[]::new);
            FabioIndex index = index(matcher, routes);
            for (int i = 0; i < 20; i++) {
                String path = path(random);
                assertThat(find(index, "x", path))
                        .as("%s %s in %s", matcher, path, List.of(routes))
                        .isEqualTo(byTryingAll(matcher, routes, path));
            }
        }
    }

    private static @Nullable String byTryingAll(FabioMatcher matcher, String[] routes, String path) {
        return Arrays.stream(routes)
                .sorted(Comparator.reverseOrder())
                .filter(route -> path.regionMatches(matcher == FabioMatcher.IPREFIX, 0, route, 0, route.length()))
                .findFirst()
                .orElse(null);
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder("/");
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append("abAB/x".charAt(random.nextInt(5)));
        }
        return path.toString().replaceAll("/+", "/");
    }

    @Test
    void hosts_of_any_shape_are_found_as_by_trying_all_of_them() throws BadGlobException {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            String[] hosts = Stream.generate(() -> host(random, true))
                    .limit(1 + random.nextInt(10))
                    .distinct()
                    .map(host -> host + "/")
                    .toArray(String[]::new);
            FabioIndex index = index(FabioMatcher.PREFIX, hosts);
            String host = host(random, false);
            List<String> expected = new ArrayList<>();
            for (String each : hosts) {
                if (Glob.of(each.substring(0, each.length() - 1)).matches(host)) {
                    expected.add(each);
                }
            }
            expected.sort(Comparator.comparing((String each) -> new StringBuilder(each.substring(0, each.length() - 1))
                            .reverse()
                            .toString())
                    .reversed());
            assertThat(index.candidates(host, "/").stream().map(each -> name(each.route())))
                    .as("%s in %s", host, List.of(hosts))
                    .containsExactlyElementsOf(expected);
        }
    }

    private static String host(Random random, boolean globs) {
        String[] labels = globs ? new String[] {"a", "b", "*", "?", "[ab]", "{a,b.a}"} : new String[] {"a", "b"};
        StringBuilder host = new StringBuilder(labels[random.nextInt(labels.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            host.append('.').append(labels[random.nextInt(labels.length)]);
        }
        return host.toString();
    }

    @Test
    void a_call_of_grpc_is_routed_by_the_host_that_its_metadata_say_and_no_other_request_is() {
        FabioIndex index = index(FabioMatcher.PREFIX, "one.example.com/", "other.example.com/", "/");

        assertThat(find(index, "one.example.com", "application/grpc", "other.example.com"))
                .isEqualTo("other.example.com/");
        assertThat(find(index, "one.example.com", "application/grpc+proto", "unheard"))
                .isEqualTo("/");
        assertThat(find(index, "one.example.com", "application/grpc", null)).isEqualTo("one.example.com/");
        assertThat(find(index, "one.example.com", "text/plain", "other.example.com"))
                .isEqualTo("one.example.com/");
    }

    private static @Nullable String find(FabioIndex index, String host, String type, @Nullable String dsthost) {
        RoutedFacts call = new RoutedFacts() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public @Nullable String header(String name) {
                return name.equals("content-type") ? type : name.equals("dsthost") ? dsthost : null;
            }
        };
        TableEntry found = index.find(host, "/a.Service/Method", call);
        return found == null ? null : name(found.route());
    }

    private static FabioIndex index(FabioMatcher matcher, String... sources) {
        List<Route> routes = Arrays.stream(sources)
                .map(source -> new Route(
                        FabioSource.of(source).key(matcher),
                        new TagTarget(source),
                        RouteOptions.DEFAULT,
                        RouteOrigin.DEFAULT))
                .toList();
        return new FabioIndex(IntStream.range(0, routes.size())
                .mapToObj(i -> new TableEntry(i, routes.get(i)))
                .toList());
    }

    /** The route of a request, by its source as it was written. */
    private static @Nullable String find(FabioIndex index, @Nullable String host, String target) {
        TableEntry found = index.find(host, RequestTarget.of(target).path(), RoutedFacts.NONE);
        return found == null ? null : name(found.route());
    }

    private static String name(Route route) {
        return route.branches().get(0).target().name();
    }
}
