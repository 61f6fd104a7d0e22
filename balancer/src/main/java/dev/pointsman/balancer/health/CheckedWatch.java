package dev.pointsman.balancer.health;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A followed source whose instances are checked: each of its views is passed on with what the checks found, and again when
 * that changes. Its state is confined to the loop; its methods may be called from any thread.
 */
final class CheckedWatch implements Watch {
    private final ActiveHealthChecks all;
    private final CheckLoop loop;
    private final HealthCheck rule;
    private final UpstreamTransport transport;
    private final Consumer<ServiceView> listener;
    private final CompletableFuture<ServiceView> first = new CompletableFuture<>();
    private final Runnable changed = this::publish;
    private Map<InstanceKey, InstanceChecks> checks = Map.of();
    private @Nullable ServiceView view;
    private @Nullable ServiceView published;
    private volatile @Nullable Watch source;
    private volatile boolean closed;

    CheckedWatch(
            ActiveHealthChecks all,
            CheckLoop loop,
            HealthCheck rule,
            UpstreamTransport transport,
            Consumer<ServiceView> listener) {
        this.all = all;
        this.loop = loop;
        this.rule = rule;
        this.transport = transport;
        this.listener = listener;
    }

    /** Sets the watch of the source, which may have given views already. */
    void follows(Watch watch) {
        source = watch;
        if (closed) {
            watch.close();
        }
    }

    /** Takes a view of the source. */
    void take(ServiceView newer) {
        loop.run(() -> {
            if (!closed) {
                view = newer;
                checkThoseOf(newer);
                publish();
                first.complete(merged(newer));
            }
        });
    }

    private void checkThoseOf(ServiceView newer) {
        Map<InstanceKey, InstanceChecks> next = new HashMap<>();
        Map<InstanceKey, InstanceChecks> before = checks;
        for (Instance instance : newer.instances()) {
            if (instance.health() != Health.MAINTENANCE) {
                CheckSubject subject = new CheckSubject(instance.address(), instance.port(), rule, transport);
                next.put(instance.key(), all.listen(subject, changed));
            }
        }
        checks = next;
        leave(before, next);
    }

    private void leave(Map<InstanceKey, InstanceChecks> before, Map<InstanceKey, InstanceChecks> after) {
        List<InstanceChecks> left = new ArrayList<>(before.values());
        left.removeAll(after.values());
        left.forEach(one -> all.leave(one, changed));
    }

    private void publish() {
        ServiceView newest = view;
        if (newest == null || closed) {
            return;
        }
        ServiceView merged = merged(newest);
        if (!merged.equals(published)) {
            published = merged;
            listener.accept(merged);
        }
    }

    private ServiceView merged(ServiceView newest) {
        return new ServiceView(
                newest.target(),
                newest.instances().stream().map(this::worse).toList(),
                newest.retained(),
                newest.stale());
    }

    /** The instance in the worse of the states that its source and the checks find. */
    private Instance worse(Instance instance) {
        InstanceChecks found = checks.get(instance.key());
        if (found == null || found.history().healthy() || instance.health().compareTo(Health.CRITICAL) >= 0) {
            return instance;
        }
        return new Instance(
                instance.key(),
                instance.service(),
                instance.address(),
                instance.port(),
                instance.tags(),
                instance.meta(),
                instance.weights(),
                Health.CRITICAL,
                found.history().reason());
    }

    @Override
    public String target() {
        return followed().target();
    }

    @Override
    public CompletionStage<ServiceView> firstView() {
        return first;
    }

    @Override
    public WatchStatus status() {
        return followed().status();
    }

    private Watch followed() {
        return Objects.requireNonNull(source, "not followed yet");
    }

    @Override
    public void close() {
        closed = true;
        Watch followed = source;
        if (followed != null) {
            followed.close();
        }
        first.cancel(false);
        loop.run(() -> {
            leave(checks, Map.of());
            checks = Map.of();
            all.forget(this);
        });
    }
}
