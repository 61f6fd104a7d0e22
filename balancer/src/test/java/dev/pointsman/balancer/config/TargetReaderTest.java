package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.StaticTarget;
import dev.pointsman.balancer.route.StaticUpstream;
import dev.pointsman.balancer.route.TagTarget;
import dev.pointsman.balancer.route.Target;
import dev.pointsman.settings.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetReaderTest {
    private static final Target WRITTEN = new StaticTarget(List.of(
            new StaticUpstream("a", 1, 3, false, false),
            new StaticUpstream("b", 80, 1, true, false),
            new StaticUpstream("c", 2, 1, false, true)));

    @TempDir
    private Path folder = Path.of(".");

    @Test
    void urls_in_the_place_of_a_tag_are_upstreams() throws ConfigException {
        assertThat(target(flag("/x=http://a:1 weight=3,http://b down, http://c:2 backup")))
                .isEqualTo(WRITTEN);
        assertThat(target(flag("/x=http-service"))).isEqualTo(new TagTarget("http-service"));
    }

    @Test
    void in_a_file_they_are_mappings_or_the_same_text() throws Exception {
        assertThat(target(file("""
                route:
                  /x:
                    upstreams:
                      - url: http://a:1
                        weight: 3
                      - {url: "http://b", down: yes}
                      - http://c:2 backup
                """))).isEqualTo(WRITTEN);
        assertThat(target(file("route:\n  /x: http://a:1 weight=3,http://b down,http://c:2 backup\n")))
                .isEqualTo(WRITTEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/x=https://a,http://b | --route: /x: \"http://b:80\" beside \"https://a:443\" (expected: http:// for all"
                        + " upstreams of a route, or https:// for all)",
                "/x=ftp://a | --route: /x: \"ftp://a\" (expected: http://HOST, http://HOST:PORT, or the same with https)",
                "/x=http://a/v1 | --route: /x: \"http://a/v1\" (expected: http://HOST, http://HOST:PORT, or the same with https, without a path;"
                        + " the route's add-prefix puts one before each request's)",
                "/x=http://a,http://a:80 | --route: /x: \"http://a:80\" stands twice (expected: each upstream once, with a"
                        + " weight where it is to get more)",
                "/x=http://a weigth=2 | --route: /x: http://a: \"weigth=2\" (expected: nothing behind the URL but weight=N"
                        + " with a whole number from 0 to 65535, down, backup)",
                "/x=http://a weight=65536 | --route: /x: http://a: \"weight=65536\" (expected: nothing behind the URL but"
                        + " weight=N with a whole number from 0 to 65535, down, backup)",
                "/x=http://a, | --route: /x: \"\" (expected: http://HOST, http://HOST:PORT, or the same with https)"
            })
    void what_is_wrong_is_said_in_one_sentence(String route, String problem) {
        assertThat(problems(flag(route))).containsExactly(problem);
    }

    @Test
    void what_is_wrong_in_a_file_is_said_with_its_place() throws Exception {
        List<Setting> none = List.of();
        Path file = write("""
                route:
                  /a:
                    to: svc
                    upstreams: http://a
                  /b:
                    upstreams:
                      - weight: 2
                      - url: http://b
                        weight: heavy
                  /c:
                    strip-prefix: true
                """);
        ConfigException problem = Objects.requireNonNull(catchThrowableOfType(
                ConfigException.class, () -> new ConfigSource(file, none, Map.of()).readOrThrow()));

        assertThat(problem.problems())
                .anyMatch(each -> each.contains(":2:") && each.contains("to and upstreams (expected: "))
                .anyMatch(each -> each.contains(":7:9: ") && each.contains("no url:"))
                .anyMatch(each -> each.contains(":9:17: ") && each.contains("\"heavy\""))
                .anyMatch(each -> each.contains(":10:") && each.contains("it leads nowhere"));
    }

    @Test
    void checks_have_the_defaults_of_haproxy() throws ConfigException {
        assertThat(health("/x=svc")).isNull();
        assertThat(health("/x=svc;health=/up?deep=1"))
                .isEqualTo(new HealthCheck("/up?deep=1"))
                .satisfies(check -> {
                    assertThat(check.interval()).hasSeconds(2);
                    assertThat(check.unhealthyAfter()).isEqualTo(3);
                    assertThat(check.healthyAfter()).isEqualTo(2);
                    assertThat(check.expected()).hasToString("200-399");
                });
    }

    @Test
    void every_option_of_checks_is_understood() throws ConfigException {
        HealthCheck check =
                Objects.requireNonNull(health("/x=http://a;health=/up;health-interval=10s;health-timeout=500ms;"
                        + "health-fails=5;health-passes=1;health-status=200,204;health-host=internal.example"));

        assertThat(check.interval()).hasSeconds(10);
        assertThat(check.timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(check.unhealthyAfter()).isEqualTo(5);
        assertThat(check.healthyAfter()).isEqualTo(1);
        assertThat(check.expected()).hasToString("200,204");
        assertThat(check.host()).isEqualTo("internal.example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "health=up | --route: /x: health: \"up\" (expected: a path such as /health, with or without a query, or grpc, or grpc: and the name of a service, or tcp)",
                "health=/up;health-interval=50ms | --route: /x: health-interval: \"50ms\" (expected: 100ms or more)",
                "health=/up;health-status=2xx | --route: /x: health-status: \"2xx\" (expected: statuses or ranges of them"
                        + " from 200 to 599, separated by commas, such as 200-299,304)",
                "health-fails=2 | --route: /x: health-fails: nothing is checked without a path (expected: health beside it,"
                        + " such as /health)"
            })
    void what_is_wrong_with_checks_is_said_in_one_sentence(String options, String problem) {
        assertThat(problems(flag("/x=svc;" + options))).containsExactly(problem);
    }

    private static List<Setting> flag(String route) {
        return List.of(Setting.flag("route", route));
    }

    private static @Nullable HealthCheck health(String route) throws ConfigException {
        return route(flag(route)).options().pool().health();
    }

    private static Route route(List<Setting> settings) throws ConfigException {
        return ConfigReader.read(settings, Map.of()).routes().get(0);
    }

    private static Target target(List<Setting> settings) throws ConfigException {
        return route(settings).branches().get(0).target();
    }

    private static Target target(BalancerConfig config) {
        return config.routes().get(0).branches().get(0).target();
    }

    private static List<String> problems(List<Setting> settings) {
        return Objects.requireNonNull(
                        catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(settings, Map.of())),
                        "nothing was wrong with it")
                .problems();
    }

    private BalancerConfig file(String text) throws IOException, ConfigException {
        return new ConfigSource(write(text), List.of(), Map.of()).readOrThrow().config();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("balancer.yaml"), text);
    }
}
