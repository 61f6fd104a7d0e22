package dev.pointsman.balancer.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pointsman.balancer.claim.Announcements.Outcome;
import dev.pointsman.balancer.fabio.BadDocumentException;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimBookTest {
    private static final String A = "192.0.2.1:80";
    private static final String B = "192.0.2.2:80";
    private static final String C = "192.0.2.3:80";

    private final Announcements all = new Announcements();

    @Test
    void through_a_change_of_a_tag_both_routes_are_served_each_by_its_own_instances() {
        all.instance(A, "web", "pointsman.route=/old").instance(B, "web", "pointsman.route=/old");
        assertThat(all.get("x", "/old").shares()).containsOnlyKeys(A, B);

        all.instance(B, "web", "pointsman.route=/new");

        assertThat(all.get("x", "/old").shares()).containsOnlyKeys(A);
        assertThat(all.get("x", "/new").shares()).containsOnlyKeys(B);
    }

    @Test
    void instances_that_announce_a_route_with_other_options_are_a_branch_of_their_own() {
        all.instance(A, "web", "pointsman.route=/a")
                .instance(B, "web", "pointsman.route=/a")
                .instance(C, "web", "pointsman.route=/a;strip-prefix");

        Outcome outcome = all.get("x", "/a/x");

        assertThat(outcome.route().branches()).hasSize(2);
        assertThat(outcome.route().branches().stream().map(Branch::weight)).containsExactly(2, 1);
        assertThat(outcome.paths()).containsExactly("/a/x", "/x");
        assertThat(outcome.shares().values())
                .allSatisfy(share -> assertThat(share).isCloseTo(1.0 / 3, within(0.001)));
    }

    @Test
    void a_target_stays_the_same_when_one_of_its_instances_comes_or_goes() {
        all.instance(A, "web", "pointsman.route=/a;weight=2", "urlprefix-/f strip=/f");
        List<ClaimTarget> before = targets(all.read());

        all.instance(B, "web", "pointsman.route=/a;weight=3", "urlprefix-/f strip=/f")
                .without(A);

        assertThat(targets(all.read())).containsExactlyElementsOf(before);
    }

    private static List<ClaimTarget> targets(Claims claims) {
        return claims.routes().stream()
                .flatMap(route -> route.branches().stream())
                .map(branch -> (ClaimTarget) branch.target())
                .toList();
    }

    @Test
    void an_instance_that_gets_ill_changes_no_route_with_one_branch() {
        all.instance(A, "web", "urlprefix-/a", "pointsman.route=/n").instance(B, "web", "urlprefix-/a");
        List<Route> before = all.read().routes();

        all.instance(B, "web", Health.CRITICAL, Map.of(), "urlprefix-/a");

        assertThat(all.read().routes()).isEqualTo(before);
    }

    @Test
    void a_route_stays_when_all_of_its_instances_are_ill() {
        all.instance(A, "web", Health.CRITICAL, Map.of(), "urlprefix-/a/b", "pointsman.route=/n/b")
                .instance(B, "ui", "urlprefix-/a", "pointsman.route=/n");

        assertThat(all.get("x", "/a/b").route().key().path()).isEqualTo("/a/b");
        assertThat(all.get("x", "/n/b").route().key().path()).isEqualTo("/n/b");
    }

    @Test
    void shares_of_fabio_are_those_among_the_instances_that_take_traffic() {
        all.instance(A, "web", "urlprefix-/ weight=0.2")
                .instance(B, "web", "urlprefix-/")
                .instance(C, "web", "urlprefix-/")
                .instance("192.0.2.4:80", "web", Health.CRITICAL, Map.of(), "urlprefix-/ weight=0.4");

        assertThat(all.get("x", "/").shares()).isEqualTo(Map.of(A, 0.2, B, 0.4, C, 0.4));
    }

    @Test
    void shares_of_fabio_hold_across_branches() {
        all.instance(A, "web", "urlprefix-/a weight=0.25 strip=/a")
                .instance(B, "web", "urlprefix-/a")
                .instance(C, "web", "urlprefix-/a");

        assertThat(all.get("x", "/a").shares()).isEqualTo(Map.of(A, 0.25, B, 0.375, C, 0.375));
    }

    @Test
    void a_tag_s_weight_counts_in_place_of_any_other_and_0_is_nothing() {
        all.instance(A, "web", Health.PASSING, Map.of("weight", "9"), "pointsman.route=/a;weight=3")
                .instance(B, "web", Health.WARNING, Map.of(), "pointsman.route=/a;weight=1")
                .instance(C, "web", "pointsman.route=/a;weight=0");

        assertThat(all.get("x", "/a").shares()).isEqualTo(Map.of(A, 0.75, B, 0.25, C, 0.0));
    }

    @Test
    void the_metadata_may_announce_routes_too() {
        all.instance(
                A,
                "web",
                Health.PASSING,
                Map.of("pointsman-route", " /a;strip-prefix  shop.example.com/b;allow=10.0.0.0/8,127.0.0.1 /bad;x "));

        assertThat(all.get("x", "/a/x").paths()).containsExactly("/x");
        assertThat(all.get("shop.example.com", "/b").found()).isNotNull();
        assertThat(all.read().problems()).singleElement().asString().contains("pointsman-route=/bad;x");
    }

    @Test
    void announced_twice_with_the_same_options_an_instance_counts_once() {
        all.instance(
                        A,
                        "web",
                        Health.PASSING,
                        Map.of("pointsman-route", "/a"),
                        "pointsman.route=/a",
                        "pointsman.route=/a/")
                .instance(B, "web", "pointsman.route=/a");

        assertThat(all.get("x", "/a").shares()).isEqualTo(Map.of(A, 0.5, B, 0.5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pointsman.route=noslash|a plain path such as /api",
                "pointsman.route=-x-/a|a host such as shop.example.com",
                "pointsman.route=/a?b|a plain path",
                "pointsman.route=/a;nonsense|there is no such setting",
                "pointsman.route=/a;strip-prefx|Did you mean strip-prefix?",
                "pointsman.route=/a;weight=many|a whole number from 0 to 65535",
                "pointsman.route=/a;auth=/etc/passwd|there is no such setting",
                "pointsman.route=/a;to=other|there is no such setting",
                "pointsman.route=/a;upstreams=http://192.0.2.9|there is no such setting",
                "pointsman.route=/a;response-timeout=6m|idle-timeout, which is 300000ms, or less",
                "pointsman.route=/a;add-prefix=v2|a plain path such as /v2",
                "urlprefix-|HOST/PATH or /PATH",
                "urlprefix-/a weight=much|a number such as 0.25",
                "urlprefix-:1234 proto=tcp|HOST/PATH or /PATH",
                "pointsman.route=/a;proto=h3|http, https, h2c",
                "pointsman.route=/a;tls-skip-verify|proto beside it",
                "urlprefix-{a,b/|a } for each {",
                "urlprefix-a\\:80/|a character after"
            })
    void a_bad_tag_is_one_problem_with_its_service_instance_and_text_and_drops_nothing_else(
            String tag, String expected) {
        all.instance(A, "web", tag, "pointsman.route=/ok", "urlprefix-/fine").instance(B, "web", "pointsman.route=/ok");

        Claims claims = all.read();

        assertThat(claims.problems()).singleElement().satisfies(problem -> assertThat(problem.toString())
                .startsWith("service web, instance node/" + A + ", tag \"" + tag + "\": ")
                .contains(expected));
        assertThat(claims.routes().stream().map(Route::prefix)).containsExactly("/ok", "/fine");
        assertThat(Announcements.get(claims, "x", "/ok").shares()).containsOnlyKeys(A, B);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redirect=301|CODE,URL",
                "redirect=200,https://x.com/|300 to 399",
                "redirect=301,https://x.com/,more|CODE,URL",
                "redirect=301,nowhere://x.com/|CODE,URL",
                "allow=ip:10.0.0.0/8 deny=ip:10.1.0.0/16|neither is in force",
                "allow=10.0.0.0/8|ip:",
                "deny=ip:10.0.0.0/33|a network",
                "host=a/b|a host such as",
                "prepend=/a?b|a path such as",
                "auth=nobody|nobody is let in",
                "stripp=/a|\"stripp=/a\" has no effect",
                "stripp=/a|Did you mean strip?",
                "strip|such as strip=/api",
                "timeout=5s|allow, auth, deny, host, prepend, proto, redirect, strip, tlsskipverify, weight and a value",
                "register=web|no service is registered",
                "pxyproto=true|not served yet",
                "tlsskipverify=true|in clear text",
                "tlsskipverify=yes|tlsskipverify=true, or none",
                "proto=tcp+sni|sent by clear-text HTTP"
            })
    void an_option_of_fabio_s_that_has_no_effect_is_one_problem_and_the_tag_holds(String option, String expected) {
        all.instance(A, "web", "urlprefix-/a " + option);

        Claims claims = all.read();

        assertThat(claims.problems()).singleElement().asString().contains(expected);
        assertThat(Announcements.get(claims, "x", "/a").shares()).containsOnlyKeys(A);
    }

    @Test
    void of_bad_networks_those_before_hold_as_with_fabio() {
        all.instance(A, "web", "urlprefix-/a deny=ip:10.0.0.0/8,nonsense,ip:192.0.2.0/24");

        var filters =
                Objects.requireNonNull(all.get("x", "/a").route().options().filters());
        var access = Objects.requireNonNull(filters.access());

        assertThat(access.allows("10.1.1.1", "10.1.1.1", List.of())).isFalse();
        assertThat(access.allows("192.0.2.1", "192.0.2.1", List.of())).isTrue();
    }

    @Test
    void nobody_is_let_in_by_users_that_there_are_not() {
        all.instance(A, "web", "urlprefix-/a auth=staff").instance(B, "web", "urlprefix-/b auth=gone");

        assertThat(auth("/a")).isEqualTo("/etc/users");
        assertThat(auth("/b")).isEmpty();
    }

    @Test
    void the_problem_of_unknown_users_names_who_announces_them_and_those_that_there_are() {
        all.instance(A, "web", "urlprefix-/a auth=gone")
                .instance(B, "old", "urlprefix-/b redirect=301,https://x.com/ auth=left");

        List<String> problems =
                all.read().problems().stream().map(Object::toString).toList();

        assertThat(problems)
                .hasSize(2)
                .allMatch(problem -> problem.contains("expected: a name in fabio-auth, which has staff"))
                .anyMatch(problem ->
                        problem.contains("web") && problem.contains(A) && problem.contains("urlprefix-/a auth=gone"))
                .anyMatch(problem -> problem.contains("old") && problem.contains("auth=left"));
        assertThat(auth("/b")).isEmpty();
    }

    private String auth(String path) {
        var filters =
                Objects.requireNonNull(all.get("x", path).route().options().filters());
        return Objects.requireNonNull(filters.auth()).file();
    }

    @Test
    void routes_of_both_languages_stand_in_one_table() {
        all.instance(A, "own", "pointsman.route=/api", "pointsman.route=/both")
                .instance(B, "fabio", "urlprefix-/api/v1", "urlprefix-/ap", "urlprefix-/both");

        assertThat(all.get("x", "/api/v1x").shares()).containsOnlyKeys(B);
        assertThat(all.get("x", "/api/v2").shares()).containsOnlyKeys(A);
        assertThat(all.get("x", "/apix").shares()).containsOnlyKeys(B);
        assertThat(all.get("x", "/both").shares()).containsOnlyKeys(A);
    }

    @Test
    void tags_of_fabio_say_nothing_where_they_are_not_asked_for() {
        assertThat(all.withoutFabio().instance(A, "web", "urlprefix-/").read()).isEqualTo(Claims.NONE);
    }

    @Test
    void a_redirection_needs_no_instance_and_gives_way_to_those_that_serve() {
        all.instance(
                A, "web", "pointsman.route=/a;redirect=308,https://$host$path", "urlprefix-/f redirect=301,http://y/");
        assertThat(all.get("x", "/a/b").location()).isEqualTo("https://x/a/b");
        assertThat(all.get("x", "/f").route().branches()).isEmpty();

        all.instance(B, "web", "pointsman.route=/a", "urlprefix-/f");

        assertThat(all.get("x", "/a/b").shares()).containsOnlyKeys(B);
        assertThat(all.get("x", "/f").shares()).containsOnlyKeys(B);
        assertThat(all.read().problems()).hasSize(2);
    }

    @Test
    void a_redirection_of_fabio_s_to_where_the_request_is_gives_way_to_the_next_host() {
        all.instance(A, "web", "urlprefix-x.com/ redirect=301,http://x.com/$path", "urlprefix-*.com/");

        assertThat(all.get("x.com", "/a").shares()).containsOnlyKeys(A);
        assertThat(all.get("x.com:80", "/a").location()).isEqualTo("http://x.com/a");
    }

    @Test
    void a_document_acts_on_what_tags_announce() throws BadDocumentException {
        all.instance(A, "web", "urlprefix-/a", "v1")
                .instance(B, "web", "urlprefix-/a", " v2 ")
                .instance(C, "old", "urlprefix-/b")
                .document(
                        "route weight web /a weight 0.05 tags \"v2\"",
                        "route del old",
                        "route add more /a http://192.0.2.9:8080/ tags \"v1\"",
                        "route add more /c http://[2001:db8::1]/ opts \"strip=/c\"");

        assertThat(all.get("x", "/a").shares()).isEqualTo(Map.of(A, 0.475, B, 0.05, "http://192.0.2.9:8080/", 0.475));
        assertThat(all.get("x", "/b").found()).isNull();
        Outcome added = all.get("x", "/c/x");
        assertThat(added.paths()).containsExactly("/x");
        assertThat(added.route().origin().source()).isEqualTo(RouteSource.KV);
        List<Instance> instances = Objects.requireNonNull(all.read().instances().get((ClaimTarget)
                added.route().branches().get(0).target()));
        assertThat(instances.get(0).authority()).isEqualTo("[2001:db8::1]:80");
    }

    @Test
    void a_weight_for_nobody_and_what_is_not_served_are_said_and_skipped() throws BadDocumentException {
        all.document(
                "route weight gone / weight 0.5",
                "route add web /s grpc://192.0.2.9/",
                "route add web :1234 tcp://192.0.2.9:1234",
                "route add web /r https://192.0.2.9/ opts \"redirect=302\"",
                "route add web / http://192.0.2.9/");

        Claims claims = all.read();

        assertThat(claims.documentProblems()).hasSize(2).allSatisfy(problem -> assertThat(problem)
                .startsWith("fabio/config: route "));
        assertThat(claims.routes().stream().map(Route::prefix)).containsExactlyInAnyOrder("/s", "/r", "/");
        assertThat(Announcements.get(claims, "x", "/r").location()).isEqualTo("https://192.0.2.9/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "grpc", "grpcs"})
    void fabio_s_protocols_are_spoken_to_instances(String protocol) {
        all.instance(A, "web", "urlprefix-/a proto=" + protocol);

        Claims claims = all.read();

        assertThat(claims.problems()).isEmpty();
        assertThat(claims.routes()
                        .get(0)
                        .branches()
                        .get(0)
                        .options()
                        .pool()
                        .transport()
                        .protocol())
                .hasToString(protocol);
    }

    @Test
    void instances_say_that_they_speak_tls_in_both_languages() {
        all.instance(A, "web", "urlprefix-/f proto=https tlsskipverify=true", "pointsman.route=/n;proto=https")
                .instance(
                        B, "web", "urlprefix-/f proto=https", "pointsman.route=/n;proto=https;server-name=web.internal")
                .instance(C, "web", "urlprefix-/f", "pointsman.route=/n");

        Claims claims = all.read();

        assertThat(transports(claims, "/f")).containsExactlyInAnyOrder("https, tls-skip-verify", "https", "http");
        assertThat(transports(claims, "/n"))
                .containsExactlyInAnyOrder("https", "https, server-name web.internal", "http");
    }

    @Test
    void a_document_of_fabio_s_has_its_destinations_spoken_to_by_their_urls() throws BadDocumentException {
        all.document(
                "route add web /s https://192.0.2.9:8443/",
                "route add web /t https://192.0.2.9/ opts \"tlsskipverify=true\"");

        Claims claims = all.read();

        assertThat(claims.documentProblems()).isEmpty();
        assertThat(transports(claims, "/s")).containsExactly("https");
        assertThat(transports(claims, "/t")).containsExactly("https, tls-skip-verify");
    }

    private static List<String> transports(Claims claims, String path) {
        return claims.routes().stream()
                .filter(route -> route.prefix().equals(path))
                .flatMap(route -> route.branches().stream())
                .map(branch -> branch.options().pool().transport().toString())
                .toList();
    }

    @Test
    void who_announces_the_same_route_is_known_with_since_when() {
        all.instance(A, "first", "pointsman.route=/a");
        assertThat(all.read().conflicts()).isEmpty();
        all.time().passSeconds(60);
        all.instance(B, "second", "urlprefix-/a").instance(C, "second", "urlprefix-/a");
        all.read();
        all.time().passSeconds(60);

        assertThat(all.read().conflicts())
                .singleElement()
                .hasToString("/a is announced by 2 services: first (1 instance, since 2026-01-01T00:00:00Z),"
                        + " second (2 instances, since 2026-01-01T00:01:00Z)");

        all.without(A);
        assertThat(all.read().conflicts()).isEmpty();
        all.instance(A, "first", "pointsman.route=/a");
        assertThat(all.read().conflicts())
                .singleElement()
                .asString()
                .contains("first (1 instance, since 2026-01-01T00:02");
    }

    @Test
    void instances_of_several_services_share_a_route() {
        all.instance(A, "one", "pointsman.route=/a").instance(B, "two", "pointsman.route=/a");

        assertThat(all.get("x", "/a").shares()).isEqualTo(Map.of(A, 0.5, B, 0.5));
        assertThat(all.get("x", "/a").route().origin()).hasToString("tags of one, two");
    }
}
