package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {
    @TempDir
    private Path folder = Path.of(".");

    @Test
    void a_file_may_have_every_setting() throws Exception {
        BalancerConfig config = read("""
                host: 127.0.0.1
                port: 8081
                admin: 127.0.0.1:9902
                dev: true
                consul: http://consul:8500
                connect-timeout: 1s
                response-timeout: 20s
                idle-timeout: 1m
                head-timeout: 5s
                drain: 3s
                trusted-proxies: 10.0.0.0/8
                max-head: 16k
                max-connections: 100
                route:
                  /api: api-service
                  /: webapp-service
                """);

        assertThat(config.listen()).hasToString("127.0.0.1:8081");
        assertThat(config.admin()).hasToString("127.0.0.1:9902");
        assertThat(config.dev()).isTrue();
        assertThat(config.consul().url()).isEqualTo("http://consul:8500");
        assertThat(config.limits().connect()).hasSeconds(1);
        assertThat(config.limits().response()).hasSeconds(20);
        assertThat(config.limits().idle()).hasMinutes(1);
        assertThat(config.limits().head()).hasSeconds(5);
        assertThat(config.limits().drain()).hasSeconds(3);
        assertThat(config.limits().maxHead()).isEqualTo(16 * 1024);
        assertThat(config.limits().maxConnections()).isEqualTo(100);
        assertThat(config.trustedProxies().trusts("10.1.1.1")).isTrue();
        assertThat(config.routes())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
                .containsExactly(new Route("/api", "api-service"), new Route("/", "webapp-service"));
    }

    @Test
    void an_empty_file_says_nothing() throws Exception {
        assertThat(read("").listen().port()).isEqualTo(8080);
        assertThat(read("# nothing yet\n").routes()).isEqualTo(ConfigReader.DEFAULT_ROUTES);
    }

    @Test
    void truth_has_the_words_of_yaml() throws Exception {
        BalancerConfig config = read("""
                dev: yes
                register: No
                fail-open: OFF
                route:
                  /a:
                    to: one
                    strip-prefix: on
                    fail-open: Yes
                  /y: no
                """);

        assertThat(config.dev()).isTrue();
        assertThat(config.register()).isFalse();
        Route strips = config.routes().get(0);
        assertThat(strips.options().path().strip()).isEqualTo(strips.prefix());
        assertThat(strips.options().pool().options().failOpen()).isTrue();
        Route plain = config.routes().get(1);
        assertThat(plain.prefix()).isEqualTo("/y");
        assertThat(plain.describeTarget()).as("text stays as written").isEqualTo("no");
        assertThat(plain.options().pool().options().failOpen()).isFalse();
    }

    @Test
    void options_behind_a_tag_are_refused_in_a_file_and_any_other_semicolon_is_part_of_the_tag() throws Exception {
        assertThat(problems(file("route:\n  /a: one;policy=sticky\n  /b: two; strip-prefix\n")))
                .hasSize(2)
                .first()
                .asString()
                .contains(":2:7: route: /a: \"one;policy=sticky\"")
                .contains("expected: one tag, or a mapping with to: one and policy:");
        assertThat(read("route:\n  /a: one;two\n").routes().get(0).describeTarget())
                .isEqualTo("one;two");
        assertThat(read("route:\n  /a: {to: 'one;policy=x'}\n").routes().get(0).describeTarget())
                .isEqualTo("one;policy=x");
    }

    @Test
    void a_flag_overrules_the_file() throws Exception {
        BalancerConfig config = read("port: 8081\ndrain: 3s\n", Setting.flag("port", "8082"));

        assertThat(config.listen().port()).isEqualTo(8082);
        assertThat(config.limits().drain()).hasSeconds(3);
    }

    @Test
    void a_route_on_the_command_line_replaces_all_of_the_file_s() throws Exception {
        BalancerConfig config = read("route:\n  /a: one\n  /: two\n", Setting.flag("route", "/b=three"));

        assertThat(config.routes())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
                .containsExactly(new Route("/b", "three"));
    }

    @Test
    void problems_name_the_file_and_the_key() throws IOException {
        Path file = file("port: eighty\nroute:\n  api: x\n");

        assertThat(problems(file))
                .containsExactlyInAnyOrder(
                        file + ":1:7: port: \"eighty\" (expected: a whole number from 0 to 65535)",
                        file
                                + ":3:3: route: \"api\" (expected: a plain path such as /api, or a host and a path such as shop.example.com/api)");
    }

    @Test
    void problems_of_the_file_and_of_flags_come_together() throws IOException {
        assertThat(problems(file("port: eighty\n"), Setting.flag("drain", "long")))
                .hasSize(2)
                .anySatisfy(sentence -> assertThat(sentence).contains(": port:", "eighty"))
                .anySatisfy(sentence -> assertThat(sentence).contains("--drain", "long"));
    }

    @Test
    void an_unknown_key_is_refused() throws IOException {
        Path file = file("prot: 8080\n");

        assertThat(problems(file))
                .singleElement()
                .asString()
                .startsWith(file + ":1:1: prot: there is no such setting (expected one of: ")
                .endsWith(". Did you mean port?")
                .contains("port");
    }

    @Test
    void a_list_a_mapping_or_nothing_where_one_value_belongs_is_refused_each_time() throws IOException {
        Path file = file("port: [1, 2]\nhost:\n  a: b\ndrain: ~\n");

        assertThat(problems(file))
                .containsExactly(
                        file + ":1:7: port: a list, a mapping or nothing (expected: one value)",
                        file + ":3:3: host: a list, a mapping or nothing (expected: one value)",
                        file + ":4:8: drain: a list, a mapping or nothing (expected: one value)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"route: /api=x\n", "route: [/api]\n", "route:\n"})
    void routes_that_are_no_mapping_are_refused(String text) throws IOException {
        Path file = file(text);

        assertThat(problems(file))
                .singleElement()
                .asString()
                .startsWith(file + ":1:")
                .endsWith(": route: not a mapping (expected: lines such as /api: api-service)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api: [[x]]", "/api: ~", "/api: []"})
    void a_route_that_leads_nowhere_is_refused(String route) throws IOException {
        assertThat(problems(file("route:\n  " + route + "\n")))
                .singleElement()
                .asString()
                .contains(
                        "route: /api: ",
                        "(expected: a tag, a mapping with to: and options, or a list of such mappings)");
    }

    @Test
    void a_route_may_have_options() throws Exception {
        BalancerConfig config = read("""
                route:
                  /api:
                    to: api-service
                    strip-prefix: true
                    add-prefix: /v2/
                    host: instance
                    response-timeout: 90s
                    max-body: 1m
                  /: webapp-service
                """);

        assertThat(config.routes())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
                .containsExactly(
                        new Route(
                                "/api",
                                "api-service",
                                new RouteOptions(
                                        "instance",
                                        PathRewrite.segments("/api", "/v2"),
                                        Duration.ofSeconds(90),
                                        null,
                                        1024L * 1024,
                                        PoolSettings.DEFAULT,
                                        null)),
                        new Route("/", "webapp-service"));
    }

    @Test
    void everything_that_is_wrong_with_a_route_s_options_is_told() throws IOException {
        Path file = file("""
                route:
                  /b:
                    to: b
                    strip-prefix: perhaps
                    add-prefix: v2
                    host: a/b
                    response-timeout: soon
                    colour: red
                """);

        assertThat(problems(file))
                .hasSize(5)
                .allMatch(problem -> problem.startsWith(file + ":") && problem.contains(": route: /b: "));
    }

    @Test
    void a_value_of_a_route_may_have_any_character() throws Exception {
        BalancerConfig config = read("""
                route:
                  /a;b=c:
                    to: tag;with=signs
                    policy: "hash:query:a;b=c"
                """);

        assertThat(config.routes()).singleElement().satisfies(route -> {
            assertThat(route.prefix()).isEqualTo("/a;b=c");
            assertThat(route.describeTarget()).isEqualTo("tag;with=signs");
            assertThat(route.options().pool().policy().name()).isEqualTo("a;b=c");
        });
    }

    @Test
    void an_alias_is_the_value_that_its_anchor_names() throws Exception {
        BalancerConfig config = read("connect-timeout: &t 3s\ndrain: *t\n");

        assertThat(config.limits().drain()).hasSeconds(3);
    }

    @Test
    void every_key_that_stands_twice_is_told_with_all_else() throws IOException {
        assertThat(problems(file("port: 1\nport: 2\ndrain: long\nroute: {/: a, /: b}\n")))
                .hasSize(3)
                .anyMatch(each -> each.contains(":2:1: port stands twice, the first time in line 1"))
                .anyMatch(each -> each.contains(":3:8: drain: \"long\""))
                .anyMatch(each -> each.contains(":4:15: / stands twice"));
    }

    @Test
    void a_route_with_options_has_to_say_where_it_goes() throws IOException {
        Path file = file("route:\n  /api:\n    strip-prefix: true\n");

        assertThat(problems(file))
                .containsExactly(
                        file + ":2:3: route: /api: it leads nowhere (expected: to: with a tag or a service's name, or"
                                + " upstreams:, or split:, or redirect:, one of them)");
    }

    @Test
    void a_route_cannot_wait_longer_than_a_connection_may_be_idle() throws IOException {
        Path file = file("idle-timeout: 1m\nroute:\n  /api:\n    to: api\n    response-timeout: 90s\n");

        assertThat(problems(file)).singleElement().asString().contains("90000ms is longer than idle-timeout, 60000ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- port\n", "just text\n"})
    void a_file_that_is_no_mapping_is_refused(String text) throws IOException {
        Path file = file(text);

        assertThat(problems(file)).containsExactly(file + ":1:1: not a mapping (expected: lines such as port: 8080)");
    }

    @Test
    void broken_yaml_is_refused_with_its_line() throws IOException {
        Path file = file("port: 8080\nhost: [unclosed\nadmin: x\n");

        assertThat(problems(file)).singleElement().asString().startsWith(file + ":3:6: not YAML (");
    }

    @Test
    void a_key_that_stands_twice_is_refused() throws IOException {
        Path file = file("port: 1\nport: 2\n");

        assertThat(problems(file)).singleElement().asString().startsWith(file + ":2:1: port stands twice");
    }

    @Test
    void what_has_no_form_and_what_has_no_sense_is_said_at_once() throws IOException {
        Path file = file("""
                port: [8080]
                services:
                  api-service: node app.js
                max-fails: many
                """);

        assertThat(problems(file))
                .hasSize(3)
                .anyMatch(each -> each.startsWith(file + ":1:7: port: a list, a mapping or nothing"))
                .anyMatch(each -> each.startsWith(file + ":2:1: services: there is no such setting"))
                .anyMatch(each -> each.startsWith(file + ":4:12: max-fails: \"many\""));
    }

    @Test
    void a_file_that_is_not_there_is_named() {
        Path missing = folder.resolve("none.yaml");

        assertThat(problems(missing))
                .containsExactly("--config: \"" + missing + "\" (expected: a file that can be read)");
        assertThat(problems(folder))
                .containsExactly("--config: \"" + folder + "\" (expected: a file that can be read)");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("pointsman.yaml"), text);
    }

    private BalancerConfig read(String text, Setting... flags) throws IOException, ConfigException {
        return read(file(text), flags);
    }

    private static BalancerConfig read(Path file, Setting... flags) throws ConfigException {
        return new ConfigSource(file, List.of(flags), Map.of()).readOrThrow().config();
    }

    private static List<String> problems(Path file, Setting... flags) {
        ConfigException problem = catchThrowableOfType(ConfigException.class, () -> read(file, flags));
        return Objects.requireNonNull(problem, "nothing was wrong with it").problems();
    }
}
