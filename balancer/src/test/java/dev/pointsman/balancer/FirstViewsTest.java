package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.testkit.QuietWatch;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FirstViewsTest {
    private final ManualTime time = new ManualTime();
    private final List<QuietWatch> watches = IntStream.range(0, 10)
            .mapToObj(n -> new QuietWatch("service-" + n, WatchStatus.NEW))
            .toList();
    private final FirstViews views = new FirstViews(List.copyOf(watches), "http://127.0.0.1:8500", time::nanos);

    @Test
    void the_wait_is_over_as_soon_as_every_target_has_its_view() {
        watches.forEach(FirstViewsTest::view);
        assertThat(views.isOver()).isTrue();
        assertThat(views.missing()).isZero();
    }

    @Test
    void the_wait_lasts_while_views_keep_coming() {
        for (QuietWatch watch : watches) {
            assertThat(isOverAfter(FirstViews.SILENT.minusMillis(50))).isFalse();
            view(watch);
        }
        assertThat(views.isOver()).isTrue();
    }

    @Test
    void a_silent_registry_is_waited_for_no_longer_than_ten_seconds() {
        view(watches.get(0));
        views.isOver();
        assertThat(isOverAfter(Duration.ofMillis(9_950))).isFalse();
        assertThat(isOverAfter(Duration.ofMillis(50))).isTrue();
        assertThat(views.missing()).isEqualTo(9);
    }

    @Test
    void the_time_in_which_the_balancer_itself_was_too_busy_to_look_is_no_silence() {
        time.passSeconds(60);
        assertThat(views.isOver()).isFalse();
    }

    @Test
    void a_target_that_fails_by_itself_is_waited_for_three_seconds() {
        fail(watches.get(3));
        assertThat(isOverAfter(Duration.ofMillis(2_950))).isFalse();
        watches.stream().filter(watch -> watch != watches.get(3)).forEach(FirstViewsTest::view);
        assertThat(views.isOver()).isFalse();
        assertThat(isOverAfter(Duration.ofMillis(50))).isTrue();
    }

    @Test
    void a_target_that_fails_does_not_end_the_wait_for_those_that_are_still_being_looked_up() {
        fail(watches.get(3));
        assertThat(isOverAfter(Duration.ofSeconds(4))).isFalse();
    }

    @Test
    void a_balancer_without_routes_waits_for_nothing() {
        assertThat(new FirstViews(List.of(), "", time::nanos).isOver()).isTrue();
    }

    private boolean isOverAfter(Duration passed) {
        boolean over = false;
        for (Duration left = passed; !left.isZero(); left = left.minusMillis(50)) {
            time.pass(Duration.ofMillis(50));
            over = views.isOver();
        }
        return over;
    }

    private static void view(QuietWatch watch) {
        watch.view(new ServiceView(watch.target(), List.of()));
    }

    private static void fail(QuietWatch watch) {
        watch.become(new WatchStatus(0, null, null, "refused", 1));
    }
}
