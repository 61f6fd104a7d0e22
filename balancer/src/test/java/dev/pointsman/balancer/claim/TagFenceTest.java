package dev.pointsman.balancer.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.fabio.FabioMatcher;
import dev.pointsman.balancer.route.HostPattern;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagFenceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "a.example.com/ within",
                "example.com/ outside",
                "*.a.example.com/ within",
                "*.example.com/ within",
                "*.com/ outside",
                "/ outside",
                "exact.org/ within",
                "a.exact.org/ outside",
                "evilexample.com/ outside",
                "urlprefix-a.example.com/ within",
                "urlprefix-A.example.com:80/ within",
                "urlprefix-{a,b}.example.com/ within",
                "urlprefix-*.example.com:8080/ within",
                "urlprefix-*example.com/ outside",
                "urlprefix-a.example.co{m,x}/ outside",
                "urlprefix-*/ outside",
                "urlprefix-/ outside"
            })
    void a_host_is_within_if_all_that_it_takes_is(String given) {
        TagFence fence = new TagFence(hosts("*.example.com", "exact.org"), List.of());

        check(given, fence, FabioMatcher.PREFIX);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/team within",
                "/team/ within",
                "/team/x within",
                "/teams outside",
                "/ outside",
                "/other outside",
                "urlprefix-/team/ within",
                "urlprefix-/team/x within",
                "urlprefix-/team outside",
                "urlprefix-/ outside"
            })
    void a_path_is_within_if_all_that_it_takes_is(String given) {
        check(given, new TagFence(List.of(), List.of("/team/")), FabioMatcher.PREFIX);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "urlprefix-/team/* within",
                "urlprefix-/team within",
                "urlprefix-/team* outside",
                "urlprefix-/*/x outside",
                "urlprefix-/{team,x}/y outside"
            })
    void a_pattern_of_paths_is_within_if_all_that_it_takes_is(String given) {
        check(given, new TagFence(List.of(), List.of("/team")), FabioMatcher.GLOB);
    }

    private static void check(String given, TagFence fence, FabioMatcher matcher) {
        String tag = given.substring(0, given.lastIndexOf(' '));
        boolean within = given.endsWith("within");
        Claims claims = new Announcements()
                .fence(fence)
                .matcher(matcher)
                .instance("192.0.2.1:80", "web", tag.startsWith("urlprefix-") ? tag : "pointsman.route=" + tag)
                .read();

        assertThat(claims.problems()).isEmpty();
        assertThat(claims.routes()).hasSize(within ? 1 : 0);
        assertThat(claims.fenced()).hasSize(within ? 0 : 1);
        if (!within) {
            assertThat(claims.fenced().get(0).toString())
                    .contains("service web, instance node/192.0.2.1:80")
                    .contains("is outside of tag-routes (expected: ");
        }
    }

    private static List<HostPattern> hosts(String... names) {
        return Arrays.stream(names)
                .map(name -> Objects.requireNonNull(HostPattern.parse(name)))
                .toList();
    }
}
