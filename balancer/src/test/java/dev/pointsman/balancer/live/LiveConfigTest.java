package dev.pointsman.balancer.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.live.ReloadOutcome.ReloadKind;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.settings.Setting;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveConfigTest {
    @TempDir
    private Path folder = Path.of(".");

    private Path file = Path.of(".");
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<BalancerConfig> applied = new ArrayList<>();
    private final List<String> causes = new ArrayList<>();
    private CompletionStage<Void> applying = CompletableFuture.completedFuture(null);

    @BeforeEach
    void a_file() throws IOException {
        file = folder.resolve("p.yaml");
        Files.writeString(file, "port: 8080\ndrain: 10s\nroute:\n  /a: one\n  /b: two\n");
    }

    @Test
    void what_can_change_comes_into_force_and_what_cannot_is_told_by_name() throws Exception {
        LiveConfig live = start();

        ReloadOutcome outcome = reload(live, "port: 8081\ndrain: 5s\nroute:\n  /a: one\n  /b: three\n  /c: four\n");

        assertThat(outcome.kind()).isEqualTo(ReloadKind.APPLIED);
        assertThat(outcome.state().version()).isEqualTo(2);
        assertThat(outcome.state().since()).isEqualTo(now);
        assertThat(outcome.state().changes())
                .containsExactly("route /b: changed", "route /c: new", "drain: 5s (was 10s)");
        assertThat(outcome.state().atNextStart())
                .containsExactly("port: 8081 (running with 8080) takes effect at the next start");
        assertThat(applied).singleElement().satisfies(config -> {
            assertThat(config.listen().port()).isEqualTo(8080);
            assertThat(config.limits().drain()).hasSeconds(5);
            assertThat(config.routes()).extracting(Route::prefix).containsExactly("/a", "/b", "/c");
        });
        assertThat(causes).containsExactly("SIGHUP");
        assertThat(live.state()).isSameAs(outcome.state());
    }

    @Test
    void what_waits_for_the_next_start_is_still_told_after_the_next_reload_and_not_once_it_is_taken_back()
            throws Exception {
        LiveConfig live = start();
        reload(live, "port: 8081\ndrain: 10s\nroute:\n  /a: one\n  /b: two\n");
        assertThat(live.state().version()).isEqualTo(1);
        assertThat(live.state().atNextStart()).hasSize(1);

        reload(live, "port: 8081\ndrain: 5s\nroute:\n  /a: one\n  /b: two\n");
        assertThat(live.state().version()).isEqualTo(2);
        assertThat(live.state().atNextStart())
                .containsExactly("port: 8081 (running with 8080) takes effect at the next start");

        reload(live, "drain: 5s\nroute:\n  /a: one\n  /b: two\n");
        assertThat(live.state().atNextStart()).isEmpty();
        assertThat(live.state().version()).isEqualTo(2);
    }

    @Test
    void the_same_networks_are_no_change() throws Exception {
        LiveConfig live = start();
        reload(live, "drain: 5s\ntrusted-proxies: 10.0.0.0/8\nroute:\n  /a: one\n  /b: two\n");
        assertThat(live.state().changes()).contains("trusted-proxies: 10.0.0.0/8 (was none)");

        reload(live, "drain: 6s\ntrusted-proxies: 10.0.0.0/8\nroute:\n  /a: one\n  /b: two\n");
        assertThat(live.state().changes()).containsExactly("drain: 6s (was 5s)");
    }

    @Test
    void a_file_that_ends_before_its_routes_is_not_one_without_any() throws Exception {
        LiveConfig live = start();
        assertThat(reload(live, "drain: 5s\n").kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(Objects.requireNonNull(live.state().refused()).problems())
                .containsExactly(file + ":1:1: no route any more (expected: routes, or route: {} for none; a file that"
                        + " ends before them is taken for one that is still being written)");

        assertThat(reload(live, "drain: 5s\nroute: {}\n").kind()).isEqualTo(ReloadKind.APPLIED);
        assertThat(applied.get(0).routes()).isEmpty();
        assertThat(applied.get(0).hasRoutes()).isTrue();
        assertThat(reload(live, "drain: 5s\nroute:\n  /a: one\n").kind()).isEqualTo(ReloadKind.APPLIED);
    }

    @Test
    void a_change_of_the_files_is_read_unless_they_were_read_since() throws Exception {
        LiveConfig live = start();
        reload(live, "drain: 5s\nroute:\n  /a: one\n");
        assertThat(live.filesChanged().kind()).isEqualTo(ReloadKind.UNCHANGED);
        assertThat(applied).hasSize(1);

        Files.writeString(file, "drain: 6s\nroute:\n  /a: one\n");
        assertThat(live.filesChanged().kind()).isEqualTo(ReloadKind.APPLIED);
        assertThat(causes).containsExactly("SIGHUP", "a change of the file");

        Files.writeString(file, "drain: soon\n");
        assertThat(live.filesChanged().kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(live.filesChanged().kind()).isEqualTo(ReloadKind.REFUSED);
    }

    @Test
    void a_file_that_an_include_matches_since_is_a_change() throws Exception {
        LiveConfig live = start();
        reload(live, "include: conf.d/*.yaml\nroute:\n  /a: one\n");
        assertThat(live.filesChanged().kind()).isEqualTo(ReloadKind.UNCHANGED);

        Path folder = Files.createDirectory(file.resolveSibling("conf.d"));
        Files.writeString(folder.resolve("b.yaml"), "route:\n  /b: two\n");
        assertThat(live.filesChanged().kind()).isEqualTo(ReloadKind.APPLIED);
    }

    @Test
    void a_file_with_a_mistake_changes_nothing_and_says_all_that_is_wrong() throws Exception {
        LiveConfig live = start();

        ReloadOutcome outcome = reload(live, "drain: 5s\ngrace: soon\nroute:\n  api: x\n");

        assertThat(outcome.kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(applied).isEmpty();
        assertThat(live.state().version()).isEqualTo(1);
        ConfigState.RefusedState refused = Objects.requireNonNull(live.state().refused());
        assertThat(refused.problems())
                .hasSize(2)
                .anyMatch(each -> each.startsWith(file + ":2:8: grace: \"soon\" (expected: "))
                .anyMatch(each -> each.startsWith(file + ":4:3: route: \"api\" (expected: "));
        assertThat(refused.since()).isEqualTo(now);

        Instant first = now;
        now = now.plusSeconds(60);
        live.reload("SIGHUP");
        assertThat(Objects.requireNonNull(live.state().refused()).since()).isEqualTo(first);

        assertThat(reload(live, "port: 8080\ndrain: 10s\nroute:\n  /a: one\n  /b: two\n")
                        .kind())
                .isEqualTo(ReloadKind.UNCHANGED);
        assertThat(live.state().refused()).isNull();
    }

    @Test
    void a_comment_is_no_reason_to_touch_anything() throws Exception {
        LiveConfig live = start();

        assertThat(reload(live, "# why\n" + Files.readString(file)).kind()).isEqualTo(ReloadKind.UNCHANGED);
        assertThat(applied).isEmpty();
    }

    @Test
    void an_emptied_or_missing_file_is_refused_since_it_is_probably_being_written() throws Exception {
        LiveConfig live = start();

        assertThat(reload(live, "").kind()).isEqualTo(ReloadKind.REFUSED);
        Files.delete(file);
        assertThat(live.reload("SIGHUP").kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(Objects.requireNonNull(live.state().refused()).problems())
                .containsExactly("--config: \"" + file + "\" (expected: a file that can be read)");
        assertThat(live.places().files()).containsExactly(file);
    }

    @Test
    void flags_overrule_the_file_at_each_reload() throws Exception {
        LiveConfig live = start(
                Setting.flag("drain", "7s"), Setting.flag("route", "/f=flag"), Setting.flag("tcp", "127.0.0.1:0=db"));

        ReloadOutcome outcome =
                reload(live, "drain: 5s\ngrace: 2s\nroute: {/x: y}\ntcp: {listen: \":5433\", to: other}\n");

        assertThat(outcome.state().changes()).containsExactly("grace: 2s (was 1s)");
        assertThat(applied).singleElement().satisfies(config -> {
            assertThat(config.limits().drain()).hasSeconds(7);
            assertThat(config.routes()).extracting(Route::prefix).containsExactly("/f", ":0");
        });
    }

    @Test
    void what_fails_to_come_into_force_leaves_the_last_one() throws Exception {
        LiveConfig live = start();
        applying = CompletableFuture.failedFuture(new IllegalStateException("no room"));

        assertThat(reload(live, "drain: 5s\nroute:\n  /a: one\n").kind()).isEqualTo(ReloadKind.REFUSED);
        assertThat(live.state().version()).isEqualTo(1);
        assertThat(Objects.requireNonNull(live.state().refused()).problems())
                .singleElement()
                .asString()
                .contains("no room");

        applying = CompletableFuture.completedFuture(null);
        assertThat(live.reload("SIGHUP").kind()).isEqualTo(ReloadKind.APPLIED);
        assertThat(live.state().version()).isEqualTo(2);
    }

    @Test
    void a_value_written_in_another_way_is_the_same() throws Exception {
        Files.writeString(file, "max-head: 32k\ndrain: 60s\n");
        LiveConfig live = start();

        ReloadOutcome outcome = reload(live, "max-head: 32768\ndrain: 1m\n");

        assertThat(outcome.state().changes()).isEmpty();
        assertThat(outcome.state().atNextStart()).isEmpty();
    }

    @Test
    void the_view_for_the_admin_api_has_the_settings_but_no_secret() throws Exception {
        Files.writeString(file, """
                sticky-secret: 0123456789abcdef
                view-file: ${VIEW:-view.json}
                trusted-proxies: 10.0.0.0/8
                route:
                  /a:
                    - {to: one, match: {method: [GET, PUT]}}
                    - two
                """);
        LiveConfig live = start();

        String json = live.state().json().encode();

        assertThat(json).doesNotContain("0123456789abcdef").contains("\"${VIEW:-view.json}\"");
        assertThat(live.state()
                        .json()
                        .getJsonObject("settings")
                        .getJsonObject("route")
                        .encode())
                .isEqualTo("{\"/a\":[{\"to\":\"one\",\"match\":{\"method\":[\"GET\",\"PUT\"]}},\"two\"]}");
        assertThat(live.state().json().getLong("version")).isEqualTo(1);
        assertThat(live.state().json().getJsonArray("files").getString(0)).isEqualTo(file.toString());
    }

    private ReadConfig first(Setting... flags) throws Exception {
        return source(flags).readOrThrow();
    }

    private ConfigSource source(Setting... flags) {
        return new ConfigSource(file, List.of(flags), Map.of());
    }

    @Test
    void each_setting_is_shown_with_the_line_or_the_flag_that_says_so() throws Exception {
        LiveConfig live = start(Setting.flag("admin-token", "a-secret-of-16-letters"));

        JsonArray lines = live.state().json().getJsonArray("lines");
        assertThat(lines.encode()).doesNotContain("a-secret-of-16-letters");
        assertThat(lines.stream().map(String::valueOf))
                .anyMatch(each -> each.contains("\"drain\"") && each.contains("\"10s\"") && each.contains("p.yaml:2:"))
                .anyMatch(each -> each.contains("(not shown)") && each.contains("\"--admin-token\""));
    }

    @Test
    void what_the_command_line_overrules_is_not_shown() throws Exception {
        Files.writeString(file, "listen: [127.0.0.1:8080, 127.0.0.1:8081]\ndrain: 10s\nroute:\n  /a: one\n");
        LiveConfig live = start(
                Setting.flag("listen", "127.0.0.1:9090"), Setting.flag("drain", "5s"), Setting.flag("route", "/b=two"));

        assertThat(live.state().json().getJsonObject("settings").encode())
                .isEqualTo("{\"listen\":\"127.0.0.1:9090\",\"drain\":\"5s\",\"route\":\"/b=two\"}");
        assertThat(live.state().json().getJsonArray("lines").encode())
                .isEqualTo("[{\"key\":\"listen\",\"value\":\"127.0.0.1:9090\",\"where\":\"--listen\"},"
                        + "{\"key\":\"drain\",\"value\":\"5s\",\"where\":\"--drain\"},"
                        + "{\"key\":\"route\",\"value\":\"/b=two\",\"where\":\"--route\"}]");
    }

    private LiveConfig start(Setting... flags) throws Exception {
        return new LiveConfig(source(flags), first(flags), this::apply, () -> now);
    }

    private CompletionStage<Void> apply(BalancerConfig config, String cause) {
        applied.add(config);
        causes.add(cause);
        return applying;
    }

    private ReloadOutcome reload(LiveConfig live, String text) throws IOException {
        Files.writeString(file, text);
        return live.reload("SIGHUP");
    }
}
