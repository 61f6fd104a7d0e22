package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FirstViewsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ManualTime time = new ManualTime();
    private final List<FakeWatch> watches =
            IntStream.range(0, 10).mapToObj(n -> new FakeWatch("service-" + n)).toList();
    private final FirstViews views =
            new FirstViews(List.copyOf(watches), PATIENCE, "http://127.0.0.1:8500", time::nanos);

    @Test
    void the_wait_is_over_as_soon_as_every_target_has_its_view() {
        watches.forEach(FakeWatch::view);
        assertThat(views.isOver()).isTrue();
        assertThat(views.missing()).isZero();
    }

    @Test
    void the_wait_outlasts_the_patience_while_views_keep_coming() {
        for (FakeWatch watch : watches) {
            assertThat(views.isOver()).isFalse();
            time.pass(PATIENCE.minusMillis(1));
            watch.view();
        }
        assertThat(views.isOver()).isTrue();
    }

    @Test
    void a_registry_that_is_silent_is_waited_for_no_longer_than_the_patience() {
        watches.get(0).view();
        assertThat(views.isOver()).isFalse();
        time.pass(PATIENCE.minusMillis(1));
        assertThat(views.isOver()).isFalse();
        time.pass(Duration.ofMillis(1));
        assertThat(views.isOver()).isTrue();
        assertThat(views.missing()).isEqualTo(9);
    }

    @Test
    void a_target_that_fails_by_itself_is_waited_for_until_the_patience_is_over() {
        watches.get(3).fail();
        time.pass(PATIENCE.minusMillis(1));
        watches.stream().filter(watch -> watch != watches.get(3)).forEach(FakeWatch::view);
        assertThat(views.isOver()).isFalse();
        time.pass(Duration.ofMillis(1));
        assertThat(views.isOver()).isTrue();
    }

    @Test
    void a_target_that_fails_does_not_end_the_wait_for_those_that_are_still_being_looked_up() {
        watches.get(3).fail();
        time.pass(PATIENCE.minusMillis(1));
        watches.get(0).view();
        assertThat(views.isOver()).isFalse();
        time.pass(Duration.ofMillis(1));
        assertThat(views.isOver()).isFalse();
    }

    @Test
    void a_balancer_without_routes_waits_for_nothing() {
        assertThat(new FirstViews(List.of(), PATIENCE, "", time::nanos).isOver())
                .isTrue();
    }

    private static final class FakeWatch implements Watch {
        private final String target;
        private final CompletableFuture<ServiceView> first = new CompletableFuture<>();
        private WatchStatus status = WatchStatus.NEW;

        FakeWatch(String target) {
            this.target = target;
        }

        void view() {
            first.complete(new ServiceView(target, List.of(), Set.of(), Set.of()));
        }

        void fail() {
            status = new WatchStatus(0, null, null, "refused", 1);
        }

        @Override
        public String target() {
            return target;
        }

        @Override
        public CompletionStage<ServiceView> firstView() {
            return first.minimalCompletionStage();
        }

        @Override
        public WatchStatus status() {
            return status;
        }

        @Override
        public void close() {}
    }
}
