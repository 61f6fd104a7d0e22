package dev.pointsman.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pointsman.balancer.route.Route;
import dev.pointsman.pool.ErrorRateOptions;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import dev.pointsman.settings.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    @Test
    void without_any_setting_the_documented_defaults_count() throws ConfigException {
        BalancerConfig config = read();

        assertThat(config.listen()).hasToString("0.0.0.0:8080");
        assertThat(config.admin()).hasToString("127.0.0.1:9901");
        assertThat(config.dev()).isFalse();
        assertThat(config.consul().url()).isEqualTo("http://127.0.0.1:8500");
        assertThat(config.routes())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
                .containsExactly(new Route("/api", "api-service"), new Route("/", "webapp-service"));
        assertThat(config.limits())
                .isEqualTo(new Limits(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        32 * 1024,
                        0,
                        8192));
        assertThat(config.trustedProxies().trusts("127.0.0.1")).isFalse();
    }

    @Test
    void every_flag_is_understood() throws ConfigException {
        BalancerConfig config = read(
                "host=::1",
                "port=0",
                "admin=[::1]:0",
                "dev=true",
                "consul=10.0.0.7:9500",
                "route=/a/=one",
                "route=/=two",
                "connect-timeout=250ms",
                "response-timeout=3s",
                "idle-timeout=2m",
                "head-timeout=1s",
                "grace=0s",
                "drain=1h",
                "trusted-proxies=10.0.0.0/8, ::1",
                "max-head=64k",
                "max-connections=17");

        assertThat(config.listen()).isEqualTo(new ListenAddress("::1", 0));
        assertThat(config.admin()).isEqualTo(new ListenAddress("::1", 0));
        assertThat(config.dev()).isTrue();
        assertThat(config.consul().url()).isEqualTo("http://10.0.0.7:9500");
        assertThat(config.routes())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
                .containsExactly(new Route("/a", "one"), new Route("/", "two"));
        assertThat(config.limits())
                .isEqualTo(new Limits(
                        Duration.ofMillis(250),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(1),
                        Duration.ZERO,
                        Duration.ofHours(1),
                        64 * 1024,
                        0,
                        17));
        assertThat(config.trustedProxies().trusts("10.200.0.1")).isTrue();
        assertThat(config.trustedProxies().trusts("::1")).isTrue();
        assertThat(config.trustedProxies().trusts("11.0.0.1")).isFalse();
    }

    @Test
    void the_rate_of_errors_is_compared_unless_clients_keep_to_their_instances_or_a_route_says_otherwise()
            throws ConfigException {
        BalancerConfig config = read(
                "route=/a=svc",
                "route=/b=svc;policy=sticky",
                "route=/c=svc;policy=hash:address",
                "route=/d=svc;policy=sticky;max-error-excess=40;error-requests=5;error-interval=1s",
                "route=/e=svc;max-error-excess=0");

        assertThat(config.routes())
                .extracting(route -> route.options().pool().options().outliers().errorRate())
                .containsExactly(
                        new ErrorRateOptions(15, 30, Duration.ofSeconds(5)),
                        ErrorRateOptions.OFF,
                        ErrorRateOptions.OFF,
                        new ErrorRateOptions(40, 5, Duration.ofSeconds(1)),
                        ErrorRateOptions.OFF);
    }

    @Test
    void every_problem_is_listed_at_once() {
        assertThat(problems(
                        "port=99999",
                        "admin=nowhere",
                        "connect-timeout=2",
                        "max-head=1",
                        "max-connections=many",
                        "trusted-proxies=10.0.0.0/33",
                        "route=api",
                        "consul=ftp://h:1",
                        "dev=maybe",
                        "host= ",
                        "colour=blue"))
                .hasSize(11);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "port            | 65536       | a whole number from 0 to 65535",
                "port            | -1          | a whole number from 0 to 65535",
                "port            | http        | a whole number from 0 to 65535",
                "port            | ''          | a whole number from 0 to 65535",
                "port            | 99999999999 | a whole number from 0 to 65535",
                "host            | ' '         | something other than blanks",
                "admin           | 9901        | HOST:PORT, such as 127.0.0.1:9901 or [::1]:9901",
                "admin           | ::1:9901    | HOST:PORT, such as 127.0.0.1:9901 or [::1]:9901",
                "admin           | h:65536     | HOST:PORT, such as 127.0.0.1:9901 or [::1]:9901",
                "admin           | h:          | HOST:PORT, such as 127.0.0.1:9901 or [::1]:9901",
                "dev             | yes         | true or false",
                "connect-timeout | 2           | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "connect-timeout | 0s          | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "connect-timeout | 25h         | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "connect-timeout | -1s         | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "connect-timeout | 1.5s        | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "head-timeout    | soon        | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "drain           | 999999999h  | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "max-head        | 1023        | a size in bytes such as 8192, 32k or 1m, from 1024 to 1048576",
                "max-head        | 2m          | a size in bytes such as 8192, 32k or 1m, from 1024 to 1048576",
                "max-head        | 999999999m  | a size in bytes such as 8192, 32k or 1m, from 1024 to 1048576",
                "max-head        | 32kb        | a size in bytes such as 8192, 32k or 1m, from 1024 to 1048576",
                "max-connections | 0           | a whole number from 1 to 1000000",
                "max-error-excess | 101        | a whole number from 0 to 100",
                "error-requests  | 0           | a whole number from 1 to 1000000",
                "error-interval  | 0s          | a time such as 500ms, 2s, 5m or 1h, from 1ms to 24h",
                "trusted-proxies | 10.0.0.0/33 | IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1",
                "trusted-proxies | 10.0.0.0/   | IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1",
                "trusted-proxies | 10.0.0.0/-1 | IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1",
                "trusted-proxies | ::1/129     | IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1",
                "trusted-proxies | localhost   | IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1",
                "trusted-proxies | '::1,,::2'  | IP addresses or networks, separated by commas, such as 10.0.0.0/8,::1",
                "route           | api         | ROUTE=TAG, such as /api=api-service",
            })
    void a_bad_value_is_named_with_its_source_and_what_was_expected(String key, String value, String expected) {
        assertThat(problems(key + "=" + value))
                .containsExactly("--" + key + ": \"" + value + "\" (expected: " + expected + ")");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "api=x | --route: \"api\"",
                "/a//b=x | --route: \"/a//b\"",
                "/a/../b=x | --route: \"/a/../b\"",
                "/a?b=x | --route: \"/a?b\"",
                "/a%20b=x | --route: \"/a%20b\"",
                "/a/*=x | --route: \"/a/*\""
            })
    void a_route_s_key_is_named_where_it_is_none(String route, String named) {
        assertThat(problems("route=" + route)).containsExactly(named + " (expected: " + RouteReader.EXPECTED_KEY + ")");
    }

    @Test
    void a_route_without_a_target_is_refused() {
        assertThat(problems("route=/api="))
                .containsExactly("--route: /api: \"\" (expected: a tag or a service's name)");
        assertThat(problems("route=/api;strip-prefix"))
                .containsExactly("--route: /api: it leads nowhere (expected: to: with a tag or a service's name, or"
                        + " upstreams:, or split:, or redirect:, one of them)");
    }

    @ParameterizedTest(name = "{0} is {1} bytes")
    @CsvSource({"1024, 1024", "1k, 1024", "8K, 8192", "1m, 1048576", "1M, 1048576"})
    void sizes_are_counted_in_bytes(String text, int bytes) throws ConfigException {
        assertThat(read("max-head=" + text).limits().maxHead()).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0} is {1} ms")
    @CsvSource({"1ms, 1", "250ms, 250", "2s, 2000", "5m, 300000", "24h, 86400000"})
    void times_are_read_with_their_unit(String text, long millis) throws ConfigException {
        assertThat(read("drain=" + text).limits().drain()).hasMillis(millis);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"localhost:1", "0.0.0.0:0", "[::]:65535", "[fe80::1%2]:9901", "admin.example.com:80"})
    void hosts_are_names_and_literals(String text) throws ConfigException {
        assertThat(read("admin=" + text).admin()).hasToString(text);
    }

    @ParameterizedTest(name = "{0} believes {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8         | 10.255.0.1 | true",
                "10.0.0.0/8         | 11.0.0.1   | false",
                "192.168.1.7        | 192.168.1.7 | true",
                "192.168.1.7        | 192.168.1.8 | false",
                "10.1.2.3/8         | 10.9.9.9   | true",
                "0.0.0.0/0          | 8.8.8.8    | true",
                "0.0.0.0/0          | ::1        | false",
                "fd00::/8           | fd12::1    | true",
                "fd00::/8           | fe80::1    | false",
                "::1                | ::1        | true",
                "::1                | ::2        | false",
                "10.0.0.0/8, fd00::/8 | fd00::1  | true",
                "10.0.0.0/8         | localhost  | false",
                "10.0.0.0/8         | unknown    | false",
            })
    void networks_are_believed_whole_and_nobody_else(String networks, String peer, boolean believed)
            throws ConfigException {
        assertThat(read("trusted-proxies=" + networks).trustedProxies().trusts(peer))
                .isEqualTo(believed);
    }

    @Test
    void the_last_value_given_counts() throws ConfigException {
        assertThat(read("port=1", "port=2").listen().port()).isEqualTo(2);
    }

    @Test
    void a_response_timeout_longer_than_the_idle_timeout_is_refused() {
        assertThat(problems("response-timeout=6m", "idle-timeout=5m"))
                .singleElement()
                .asString()
                .startsWith("--response-timeout: a response-timeout of 360000ms")
                .contains("idle-timeout, 300000ms")
                .endsWith("(expected: at most idle-timeout)");
    }

    @Test
    void two_routes_with_the_same_prefix_are_refused() {
        assertThat(problems("route=/api=one", "route=/api/=two"))
                .singleElement()
                .asString()
                .contains("--route", "/api", "one", "two", "expected: one");
    }

    @Test
    void an_unknown_key_is_refused_with_a_list_of_what_there_is() {
        assertThat(problems("colour=blue"))
                .singleElement()
                .asString()
                .startsWith(
                        "--colour: there is no such setting (expected one of: access-log, access-log-format, admin, admin-routes-file, admin-token, ")
                .contains("trusted-proxies");
    }

    @Test
    void consul_s_own_environment_counts_where_no_setting_says_otherwise() throws ConfigException {
        Map<String, String> environment =
                Map.of("CONSUL_HTTP_ADDR", "https://consul.example.com:8501", "CONSUL_HTTP_TOKEN", "s3cret");

        BalancerConfig fromEnvironment = ConfigReader.read(List.of(), environment);
        assertThat(fromEnvironment.consul().url()).isEqualTo("https://consul.example.com:8501");
        assertThat(fromEnvironment.consul().token()).isEqualTo("s3cret");

        BalancerConfig fromFlag = ConfigReader.read(List.of(Setting.flag("consul", "h:1")), environment);
        assertThat(fromFlag.consul().url()).isEqualTo("http://h:1");
        assertThat(fromFlag.consul().token()).isEqualTo("s3cret");
    }

    @Test
    void what_is_wrong_with_consul_s_environment_is_listed_with_the_rest() {
        ConfigException problem = catchThrowableOfType(
                ConfigException.class,
                () -> ConfigReader.read(
                        List.of(Setting.flag("port", "x")),
                        Map.of("CONSUL_HTTP_ADDR", "unix:///run/c.sock", "CONSUL_HTTP_SSL", "perhaps")));

        assertThat(problem.problems())
                .hasSize(3)
                .anySatisfy(sentence -> assertThat(sentence).contains("CONSUL_HTTP_ADDR"))
                .anySatisfy(sentence -> assertThat(sentence).contains("CONSUL_HTTP_SSL"))
                .anySatisfy(sentence -> assertThat(sentence).contains("--port"));
    }

    @Test
    void the_embedded_registry_cannot_be_where_tls_is_spoken() {
        assertThat(problems("dev=true", "consul=https://127.0.0.1:8501"))
                .singleElement()
                .asString()
                .contains("--dev", "https://127.0.0.1:8501", "expected: an http:// address");
    }

    @Test
    void the_view_file_is_nowhere_unless_it_is_given(@TempDir Path folder) throws ConfigException {
        assertThat(read().viewFile()).isNull();
        assertThat(read("view-file=" + folder.resolve("view.json")).viewFile()).isEqualTo(folder.resolve("view.json"));
        assertThat(read("view-file=view.json").viewFile())
                .isEqualTo(Path.of("view.json").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere/to/be/found/view.json", "/", ".", " "})
    void a_view_file_that_could_never_be_written_is_refused_before_the_day_when_it_is_needed(String path) {
        assertThat(problems("view-file=" + path))
                .containsExactly("--view-file: \"" + path
                        + "\" (expected: a file in a folder that exists and can be written to)");
    }

    @Test
    void an_instance_is_retained_as_long_as_it_answers_unless_a_time_is_given() throws ConfigException {
        assertThat(read().retain()).isEqualTo(ConsulWatchOptions.WHILE_ANSWERING);
        assertThat(read("retain=90s").retain()).isEqualTo(Duration.ofSeconds(90));
        assertThat(read("retain=0").retain()).isEqualTo(Duration.ZERO);
        assertThat(problems("retain=forever")).singleElement().asString().startsWith("--retain: \"forever\"");
    }

    private static List<String> problems(String... flags) {
        ConfigException problem = catchThrowableOfType(ConfigException.class, () -> read(flags));
        return Objects.requireNonNull(problem, "nothing was wrong with it").problems();
    }

    private static BalancerConfig read(String... flags) throws ConfigException {
        List<Setting> settings = new ArrayList<>();
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            settings.add(Setting.flag(flag.substring(0, equals), flag.substring(equals + 1)));
        }
        return ConfigReader.read(settings, Map.of());
    }
}
