package dev.pointsman.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.route.StaticTarget;
import dev.pointsman.balancer.route.StaticUpstream;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.Weights;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaticSourceTest {
    @Test
    void its_one_view_is_there_at_once() {
        StaticTarget target = new StaticTarget(
                List.of(new StaticUpstream("::1", 2, 7, false, true), new StaticUpstream("a", 1, 0, true, false)));
        List<ServiceView> views = new ArrayList<>();

        Watch watch = new StaticSource(target, Clock.systemUTC()).follow(views::add);

        assertThat(views).hasSize(1);
        assertThat(watch.firstView()).isCompletedWithValue(views.get(0));
        assertThat(watch.target()).isEqualTo("http://[::1]:2,http://a:1");
        assertThat(watch.status().failures()).isZero();
        Instance backup = views.get(0).instances().get(0);
        Instance down = views.get(0).instances().get(1);
        assertThat(backup.key()).hasToString("upstreams/[::1]:2");
        assertThat(backup.address()).isEqualTo("::1");
        assertThat(backup.tags()).containsExactly(Upstream.BACKUP_TAG);
        assertThat(backup.weights()).isEqualTo(new Weights(7, 7));
        assertThat(backup.health()).isEqualTo(Health.PASSING);
        assertThat(down.tags()).isEmpty();
        assertThat(down.health()).isEqualTo(Health.MAINTENANCE);
        assertThat(down.healthReason()).isEqualTo("down: true in its route");
    }
}
