package dev.pointsman.balancer.exposition;

import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.PoolStatistics;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.WatchStatus;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The metrics of pools, their upstreams, and of the registry that fills them. */
final class ServiceSource implements MetricSource {
    private final Supplier<List<Followed>> followed;
    private final Clock clock;

    ServiceSource(Supplier<List<Followed>> followed, Clock clock) {
        this.followed = followed;
        this.clock = clock;
    }

    /** The labels of an instance in the pool of a service. */
    static Labels labels(String service, InstanceKey key) {
        return Labels.of("service", service, "upstream", key.id(), "node", key.node());
    }

    @Override
    public void addTo(Families families) {
        for (Followed one : followed.get()) {
            Labels service = Labels.of("service", one.pool().snapshot().target());
            pool(families, service, one);
            registry(families, service, one.watch().status());
            upstreams(families, one.pool().snapshot());
        }
    }

    private static void pool(Families families, Labels service, Followed one) {
        PoolStatistics counts = one.pool().statistics();
        AdmissionQueue queue = one.queue();
        families.gauge("pointsman_service_in_flight", "Attempts in flight.").add(service, counts.inFlight());
        families.gauge("pointsman_service_queue_length", "Requests that wait for a permit.")
                .add(service, queue == null ? 0 : queue.waiting());
        families.counter("pointsman_service_queued", "Requests that had to wait for a permit.")
                .add(service, one.traffic().waited());
        families.counter("pointsman_service_rejected", "Requests that got no permit.")
                .add(service, one.traffic().rejected());
        families.counter("pointsman_service_picks", "Attempts that were begun.").add(service, counts.picks());
        families.counter(
                        "pointsman_service_attempt_timeouts",
                        "Requests that went on from an instance that was too slow.")
                .add(service, one.traffic().attemptTimeouts());
        families.counter("pointsman_service_ejections", "Ejections of upstreams, failed probes included.")
                .add(service, counts.ejections());
        families.counter(
                        "pointsman_service_ejections_suppressed",
                        "Ejections that did not take place, as too many others were ejected.")
                .add(service, counts.suppressedEjections());
        families.counter(
                        "pointsman_service_fail_open_picks",
                        "Picks of an upstream that did not look healthy, as none did.")
                .add(service, counts.failOpenPicks());
        families.counter(
                        "pointsman_service_retained_views",
                        "Views of the registry in which upstreams were retained that it did not list.")
                .add(service, counts.retainedViews());
    }

    private void registry(Families families, Labels service, WatchStatus status) {
        families.gauge("pointsman_registry_index", "The registry's index of its newest response.")
                .add(service, unsigned(status.index()));
        families.gauge("pointsman_registry_failures", "Queries of the registry in a row that have failed.")
                .add(service, status.failures());
        Instant last = status.lastResponse();
        if (last != null) {
            families.gauge("pointsman_registry_last_response_age_seconds", "Seconds since the registry last responded.")
                    .add(
                            service,
                            Math.max(0, Duration.between(last, clock.instant()).toNanos() / 1e9));
        }
    }

    private static double unsigned(long index) {
        return index >= 0 ? index : index + 0x1p64;
    }

    private static void upstreams(Families families, PoolSnapshot pool) {
        Labels service = Labels.of("service", pool.target());
        Families.MetricSeries states =
                families.gauge("pointsman_service_upstreams", "Upstreams by their state; ready ones take requests.");
        for (Availability state : Availability.values()) {
            states.add(service.add("state", state.name().toLowerCase(Locale.ROOT)), 0);
        }
        for (Upstream upstream : pool.upstreams()) {
            Availability state = upstream.availability();
            states.add(service.add("state", state.name().toLowerCase(Locale.ROOT)), 1);
            Labels labels = labels(pool.target(), upstream.key());
            families.gauge("pointsman_upstream_ready", "1 where an upstream takes requests, else 0.")
                    .add(labels, state == Availability.READY ? 1 : 0);
            families.gauge("pointsman_upstream_in_flight", "Attempts in flight at an upstream.")
                    .add(labels, upstream.inFlight());
            families.counter("pointsman_upstream_ejections", "How often an upstream was ejected.")
                    .add(labels, upstream.ejections());
        }
    }
}
