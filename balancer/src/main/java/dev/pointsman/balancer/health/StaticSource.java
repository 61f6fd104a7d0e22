package dev.pointsman.balancer.health;

import dev.pointsman.balancer.route.StaticTarget;
import dev.pointsman.balancer.route.StaticUpstream;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import dev.pointsman.registry.Weights;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The source of upstreams that are written down: one view, at once, that never changes. An upstream that is {@code down} is
 * in maintenance, a {@code backup} has the tag of backups. Immutable.
 */
public final class StaticSource implements InstanceSource {
    /** Stands where instances of a registry have the name of their node. */
    public static final String NODE = "upstreams";

    private final ServiceView view;
    private final Clock clock;

    /**
     * A source of these upstreams.
     *
     * @param clock says in the status since when they are followed
     */
    public StaticSource(StaticTarget target, Clock clock) {
        this.view = new ServiceView(
                target.name(),
                target.upstreams().stream().map(StaticSource::instance).toList());
        this.clock = clock;
    }

    private static Instance instance(StaticUpstream upstream) {
        return new Instance(
                new InstanceKey(NODE, upstream.authority()),
                NODE,
                upstream.host(),
                upstream.port(),
                upstream.backup() ? List.of(Upstream.BACKUP_TAG) : List.of(),
                Map.of(),
                new Weights(upstream.weight(), upstream.weight()),
                upstream.down() ? Health.MAINTENANCE : Health.PASSING,
                upstream.down() ? "down: true in its route" : "");
    }

    @Override
    public Watch follow(Consumer<ServiceView> listener) {
        listener.accept(view);
        return new StaticWatch(view, clock.instant());
    }

    private record StaticWatch(ServiceView view, Instant since) implements Watch {
        @Override
        public String target() {
            return view.target();
        }

        @Override
        public CompletionStage<ServiceView> firstView() {
            return CompletableFuture.completedStage(view);
        }

        @Override
        public WatchStatus status() {
            return new WatchStatus(0, null, since, null, 0);
        }

        @Override
        public void close() {
            // Nothing runs, and nothing is published any more.
        }
    }
}
