package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.HostPattern;
import dev.pointsman.balancer.route.RequestMatch;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSourceTest {
    @TempDir
    private Path temporary = Path.of(".");

    private Path folder = Path.of(".");

    @BeforeEach
    void a_folder_as_in_messages() throws IOException {
        folder = Files.createDirectories(temporary.resolve("etc"));
    }

    @Test
    void what_is_right_can_be_looked_at_beside_what_is_wrong() throws Exception {
        write("a.yaml", "port: 1\nprot: 2\ndrain: soon\nroute:\n  /a: one\n  /b: {to: two, queue: many}\n");

        assertThat(source(Map.of()).read()).isInstanceOf(RefusedConfig.class);
        assertThat(source(Map.of()).readUsable()).isInstanceOfSatisfying(ReadConfig.class, usable -> {
            assertThat(usable.config().listen().port()).isEqualTo(1);
            assertThat(usable.config().limits().drain()).isEqualTo(Limits.DEFAULT.drain());
            assertThat(usable.config().routes()).extracting(Route::prefix).containsExactly("/a");
        });
    }

    @Test
    void settings_and_routes_of_included_files_join_those_of_the_file() throws Exception {
        write("a.yaml", "include: [conf.d/*.yaml, extra.yaml]\nport: 1\nroute:\n  /a: one\n");
        write("conf.d/20.yaml", "drain: 3s\nroute: {/c: three}\n");
        write("conf.d/10.yaml", "route: {/b: two}\n");
        write("conf.d/.hidden.yaml", "route: {/h: hidden}\n");
        write("conf.d/notes.txt", "not YAML: [");
        write("extra.yaml", "grace: 0s\n");

        ReadConfig read = source(Map.of()).readOrThrow();

        assertThat(read.config().routes()).extracting(Route::prefix).containsExactlyInAnyOrder("/a", "/b", "/c");
        assertThat(read.config().limits().drain()).hasSeconds(3);
        assertThat(read.config().limits().grace()).isZero();
        assertThat(read.places().files())
                .containsExactly(
                        folder.resolve("a.yaml"),
                        folder.resolve("conf.d/10.yaml"),
                        folder.resolve("conf.d/20.yaml"),
                        folder.resolve("extra.yaml"));
    }

    @Test
    void an_included_file_s_includes_are_relative_to_its_own_folder() throws Exception {
        write("a.yaml", "include: teams/*/routes.yaml\n");
        write("teams/red/routes.yaml", "include: more.yaml\n");
        write("teams/red/more.yaml", "route: {/red: red}\n");
        write("teams/blue/routes.yaml", "route: {/blue: blue}\n");

        assertThat(source(Map.of()).readOrThrow().config().routes())
                .extracting(Route::prefix)
                .containsExactlyInAnyOrder("/red", "/blue");
    }

    @Test
    void a_pattern_may_match_nothing_and_a_plain_name_may_not() throws Exception {
        write("a.yaml", "include:\n  - conf.d/*.yaml\n  - none.yaml\n");

        assertThat(problems(Map.of()))
                .containsExactly(in("a.yaml") + ":3:5: include: \"" + in("none.yaml")
                        + "\" (expected: a file that can be read)");
        write("a.yaml", "include: nothing/*/*.yaml\n");
        assertThat(source(Map.of()).readOrThrow().config().routes()).isEqualTo(ConfigReader.DEFAULT_ROUTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conf.d/**", "'[a'", "conf.d/", "'  '", "'{a'"})
    void an_include_that_is_neither_is_refused(String include) throws Exception {
        write("a.yaml", "include: " + include + "\n");

        assertThat(problems(Map.of()))
                .singleElement()
                .asString()
                .startsWith(in("a.yaml") + ":1:10: include: ")
                .contains("(expected: ");
    }

    @Test
    void files_that_include_each_other_are_refused() throws Exception {
        write("a.yaml", "include: b.yaml\n");
        write("b.yaml", "# back\ninclude: a.yaml\n");

        assertThat(problems(Map.of()))
                .containsExactly(in("b.yaml") + ":2:10: include: \"" + in("a.yaml")
                        + "\" includes itself by way of others (expected: files that do not include each other)");
        write("a.yaml", "include: '*.yaml'\n");
        write("b.yaml", "port: 1\n");
        assertThat(problems(Map.of())).singleElement().asString().contains("a.yaml\" includes itself (expected");
    }

    @Test
    void a_key_in_two_files_is_refused_with_both_places_and_a_file_included_twice_is_read_once() throws Exception {
        write("a.yaml", "include: [b.yaml, c.yaml]\ndrain: 1s\nroute:\n  /x: one\n  /y: one\n");
        write("b.yaml", "drain: 2s\nroute:\n  /x: two\n  /y/: two\n");
        write("c.yaml", "include: b.yaml\n");

        assertThat(problems(Map.of()))
                .containsExactlyInAnyOrder(
                        in("b.yaml") + ":1:8: drain: stands in another file too, at " + in("a.yaml")
                                + ":2:8 (expected: each key in one file)",
                        in("b.yaml") + ":3:3: route: /x: stands in another file too, at " + in("a.yaml")
                                + ":4:3 (expected: each key in one file)",
                        in("b.yaml") + ":3:3: route: two routes for /x, the other one at " + in("a.yaml")
                                + ":4:3: route (expected: one, or a match: that tells them apart)",
                        in("b.yaml") + ":4:3: route: two routes for /y, the other one at " + in("a.yaml")
                                + ":5:3: route (expected: one, or a match: that tells them apart)");
    }

    @Test
    void each_file_s_problems_have_its_own_name_and_all_are_told_at_once() throws Exception {
        write("a.yaml", "include: [b.yaml, c.yaml]\nport: eighty\n");
        write("b.yaml", "\nprot: 1\n");
        write("c.yaml", "x: [\n");

        assertThat(problems(Map.of()))
                .hasSize(3)
                .anyMatch(each -> each.startsWith(in("a.yaml") + ":2:7: port: "))
                .anyMatch(
                        each -> each.startsWith(in("b.yaml") + ":2:1: prot: ") && each.endsWith(". Did you mean port?"))
                .anyMatch(each -> each.startsWith(in("c.yaml") + ":2:1: not YAML ("));
    }

    @Test
    void values_may_come_from_the_environment() throws Exception {
        write("a.yaml", """
                port: ${PORT}
                drain: ${DRAIN:-3s}
                include: ${WHERE}/*.yaml
                route:
                  /a: ${TAG}
                  /b: {redirect: '308,https://$host$path'}
                """);
        write("sub/b.yaml", "grace: ${GRACE:-0s}\n");

        BalancerConfig config = source(Map.of("PORT", "81", "TAG", "one", "WHERE", "sub"))
                .readOrThrow()
                .config();

        assertThat(config.listen().port()).isEqualTo(81);
        assertThat(config.limits().drain()).hasSeconds(3);
        assertThat(config.limits().grace()).isZero();
        assertThat(config.routes().get(0).describeTarget()).isEqualTo("one");
        assertThat(Objects.requireNonNull(config.routes().get(1).options().filters())
                        .redirect())
                .extracting(redirect -> redirect == null ? "" : redirect.url())
                .isEqualTo("https://$host$path");
    }

    @Test
    void a_variable_that_is_not_set_is_the_one_problem_with_its_value() throws Exception {
        write("a.yaml", "drain: 1s\nport: ${PORT}\n");

        assertThat(problems(Map.of()))
                .containsExactly(
                        in("a.yaml") + ":2:7: \"${PORT}\": the environment has no variable PORT (expected: one, or"
                                + " a default as in ${PORT:-value})");
    }

    @Test
    void a_secret_is_in_no_message_and_in_no_public_digest() throws Exception {
        write("a.yaml", "sticky-secret: hunter2\n");
        assertThat(problems(Map.of()))
                .containsExactly(in("a.yaml") + ":1:16: sticky-secret: too short (expected: 16 characters or more)");

        write("a.yaml", "sticky-secret: 0123456789abcdef\n");
        ReadConfig one = source(Map.of()).readOrThrow();
        write("a.yaml", "# other\nsticky-secret: fedcba9876543210\n");
        ReadConfig other = source(Map.of()).readOrThrow();
        assertThat(one.publicDigest()).isEqualTo(other.publicDigest());
        assertThat(one.digest()).isNotEqualTo(other.digest());
    }

    @Test
    void another_secret_in_the_file_that_is_named_is_another_configuration() throws Exception {
        write("secret", "0123456789abcdef\n");
        write("a.yaml", "explain-secret-file: " + in("secret") + "\n");
        ReadConfig one = source(Map.of()).readOrThrow();
        assertThat(one.config().explainSecret())
                .isNotNull()
                .matches(secret -> secret.isShownBy("0123456789abcdef"))
                .matches(secret -> !secret.isShownBy("fedcba9876543210"));
        write("secret", "fedcba9876543210\n");
        ReadConfig other = source(Map.of()).readOrThrow();
        assertThat(one.digest()).isNotEqualTo(other.digest());
        assertThat(one.publicDigest()).isEqualTo(other.publicDigest());
        assertThat(other.config().toString()).doesNotContain("fedcba9876543210");

        write("secret", "short");
        assertThat(problems(Map.of()))
                .singleElement()
                .asString()
                .contains(":1:22: explain-secret-file: ", "16 to 1024");
    }

    @Test
    void a_secret_for_explanations_that_is_too_short_is_refused_and_not_repeated() throws Exception {
        write("a.yaml", "explain-secret: hunter2\n");

        assertThat(problems(Map.of()))
                .singleElement()
                .asString()
                .contains("16 to 1024")
                .doesNotContain("hunter2");
        write("a.yaml", "");
        assertThat(problems(Map.of("POINTSMAN_EXPLAIN_SECRET", "hunter2")))
                .singleElement()
                .asString()
                .startsWith("POINTSMAN_EXPLAIN_SECRET: ")
                .doesNotContain("hunter2");
    }

    @Test
    void a_comment_or_a_move_to_another_file_changes_no_digest_and_a_value_does() throws Exception {
        write("a.yaml", "drain: 1s\nroute: {/: x}\n");
        String digest = source(Map.of()).readOrThrow().digest();
        write("a.yaml", "# why\n\ndrain: 1s\ninclude: b.yaml\n");
        write("b.yaml", "route: {/: x}\n");
        assertThat(source(Map.of()).readOrThrow().digest()).isEqualTo(digest);
        write("b.yaml", "route: {/: y}\n");
        assertThat(source(Map.of()).readOrThrow().digest()).isNotEqualTo(digest);
    }

    @Test
    void routes_of_one_key_are_tried_by_the_number_of_their_conditions_and_then_as_they_are_written() throws Exception {
        write("a.yaml", """
                route:
                  /api:
                    - to: plain
                    - {to: first, match: {header: {X-Version: 2}}}
                    - {to: second, match: {query: {beta: yes}}}
                    - {to: both, match: {method: [GET, HEAD], header: {x-version: "2"}}}
                """);

        List<Route> routes = source(Map.of()).readOrThrow().config().routes();

        assertThat(routes).extracting(Route::describeTarget).containsExactly("both", "first", "second", "plain");
        assertThat(routes)
                .extracting(route -> route.key().match())
                .containsExactly(
                        new RequestMatch(List.of("GET", "HEAD"), Map.of("x-version", "2"), Map.of()),
                        new RequestMatch(List.of(), Map.of("x-version", "2"), Map.of()),
                        new RequestMatch(List.of(), Map.of(), Map.of("beta", "yes")),
                        RequestMatch.ANY);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "Shop.Example.COM/, shop.example.com",
        "shop.example.com./, shop.example.com",
        "*.example.com/x, *.example.com",
        "b\u00fccher.example/, xn--bcher-kva.example",
        "'\u4f8b\u3048.\u30c6\u30b9\u30c8/', xn--r8jz45g.xn--zckzah",
        "xn--bcher-kva.example/, xn--bcher-kva.example",
        "/x, ''",
        "'[2001:DB8::1]/', [2001:db8::1]",
        "192.0.2.1/, 192.0.2.1"
    })
    void a_host_is_read_in_any_spelling(String key, String host) throws Exception {
        write("a.yaml", "route:\n  \"" + key + "\": x\n");

        assertThat(source(Map.of()).readOrThrow().config().routes())
                .singleElement()
                .extracting(route -> route.key().host())
                .satisfies(pattern -> assertThat(pattern).hasToString(host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop.example.com:8080/",
                "a b/",
                "*/",
                "*.*.example.com/",
                "www.*/",
                "-a.example/",
                "a..b/",
                "http://a.example/",
                "a_b!/"
            })
    void a_host_that_cannot_be_one_is_refused_in_one_sentence(String key) throws Exception {
        write("a.yaml", "route:\n  \"" + key + "\": x\n");

        assertThat(problems(Map.of()))
                .containsExactly(in("a.yaml") + ":2:3: route: \"" + key + "\" (expected: before the path "
                        + HostPattern.EXPECTED + ")");
    }

    @Test
    void a_split_has_several_targets_with_weights() throws Exception {
        write("a.yaml", "route:\n  /: {split: [{to: v1, weight: 95}, {to: v2, weight: 5}]}\n");

        assertThat(source(Map.of()).readOrThrow().config().routes().get(0).branches())
                .extracting(branch -> branch.target().name() + " " + branch.weight())
                .containsExactly("v1 95", "v2 5");
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }

    private ConfigSource source(Map<String, String> environment, Setting... flags) {
        return new ConfigSource(folder.resolve("a.yaml"), List.of(flags), environment);
    }

    private List<String> problems(Map<String, String> environment) {
        ConfigReading reading = source(environment).read();
        assertThat(reading).isInstanceOf(RefusedConfig.class);
        return ((RefusedConfig) reading).problems();
    }
}
