package dev.pointsman.balancer.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.balancer.route.TagTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteHistoryTest {
    private static final Instant NOW = Instant.parse("2026-11-28T02:00:00Z");
    private static final ChangeCause CAUSE = new ChangeCause(RouteSource.FILE, "reload");

    private final RouteHistory history = new RouteHistory();

    @Test
    void each_table_says_what_it_changed() {
        note(1, route("/a", "a"), route("/b", "b"));
        TableChange change = note(2, route("/a", "other"), route("/c", "c"));

        assertThat(change.diff().added()).extracting(Route::prefix).containsExactly("/c");
        assertThat(change.diff().removed()).extracting(Route::prefix).containsExactly("/b");
        assertThat(change.diff().changed()).hasSize(1);
        assertThat(change.diff().changed().get(0).what()).containsExactly("to: other (was a)");
        assertThat(change.diff().summary()).isEqualTo("1 added, 1 changed, 1 removed");
    }

    @Test
    void a_changed_option_has_the_name_of_its_setting() {
        RouteOptions slow = new RouteOptions(
                "instance", PathRewrite.NONE, Duration.ofSeconds(5), null, null, RouteOptions.DEFAULT.pool(), null);
        note(1, route("/a", "a"));
        TableChange change = note(
                2, new Route(RouteKey.ofPath("/a"), new TagTarget("a"), slow, new RouteOrigin(RouteSource.FILE, "x")));

        assertThat(change.diff().changed().get(0).what())
                .containsExactlyInAnyOrder("host: instance (was as-sent)", "response-timeout: 5s (was none)");
        assertThat(OptionTexts.differing(slow))
                .containsEntry("host", "instance")
                .containsEntry("response-timeout", "5s")
                .hasSize(2);
        assertThat(OptionTexts.differing(RouteOptions.DEFAULT)).isEmpty();
    }

    @Test
    void fewer_tables_are_kept_where_each_changes_thousands_of_routes() {
        int half = NewestChanges.MOST_ROUTES / 2;
        note(1, many(half, "a"));
        note(2, many(half, "b"));
        note(3, many(half, "c"));

        assertThat(history.newest()).extracting(TableChange::version).containsExactly(3L, 2L);
    }

    @Test
    void the_table_before_is_kept_however_large_it_is() {
        note(1, many(NewestChanges.MOST_ROUTES + 1, "a"));
        note(2, many(NewestChanges.MOST_ROUTES + 1, "b"));

        assertThat(history.newest()).extracting(TableChange::version).containsExactly(2L, 1L);
    }

    private static Route[] many(int count, String target) {
        return IntStream.range(0, count).mapToObj(i -> route("/" + i, target)).toArray(Route[]::new);
    }

    @Test
    void a_table_that_routes_as_the_one_before_makes_no_entry() {
        note(1, route("/a", "a"));
        Route moved = new Route(
                RouteKey.ofPath("/a"),
                new TagTarget("a"),
                RouteOptions.DEFAULT,
                new RouteOrigin(RouteSource.FILE, "balancer.yaml:99:1"));

        assertThat(history.note(2, NOW, CAUSE, List.of(moved))).isNull();
        assertThat(history.newest()).hasSize(1);
    }

    @Test
    void a_route_that_comes_from_elsewhere_now_has_changed() {
        note(1, route("/a", "a"));
        Route other = new Route(
                RouteKey.ofPath("/a"),
                new TagTarget("a"),
                RouteOptions.DEFAULT,
                new RouteOrigin(RouteSource.ADMIN, "admin API:1:1"));
        TableChange change = Objects.requireNonNull(history.note(2, NOW, CAUSE, List.of(other)));

        assertThat(change.diff().changed().get(0).what()).containsExactly("source: admin (was file)");
    }

    @Test
    void it_keeps_the_last_fifty() {
        for (int i = 1; i <= 60; i++) {
            note(i, route("/a", "a" + i));
        }

        assertThat(history.newest()).hasSize(50);
        assertThat(history.newest().get(0).version()).isEqualTo(60);
        assertThat(history.newest().get(49).version()).isEqualTo(11);
    }

    @Test
    void it_knows_since_when_a_route_is_as_it_is() {
        note(1, route("/a", "a"), route("/b", "b"));
        history.note(2, NOW.plusSeconds(60), CAUSE, List.of(route("/a", "a"), route("/b", "other")));

        assertThat(history.since().get(RouteKey.ofPath("/a"))).isEqualTo(NOW);
        assertThat(history.since().get(RouteKey.ofPath("/b"))).isEqualTo(NOW.plusSeconds(60));
    }

    private TableChange note(long version, Route... routes) {
        return Objects.requireNonNull(history.note(version, NOW, CAUSE, List.of(routes)));
    }

    private static Route route(String path, String tag) {
        return new Route(
                RouteKey.ofPath(path),
                new TagTarget(tag),
                RouteOptions.DEFAULT,
                new RouteOrigin(RouteSource.FILE, "balancer.yaml:3:3"));
    }
}
