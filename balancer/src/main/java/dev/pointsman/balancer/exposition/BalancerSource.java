package dev.pointsman.balancer.exposition;

import dev.pointsman.registry.RegistryRequests;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of the balancer as a whole. */
final class BalancerSource implements MetricSource {
    private final BalancerFacts facts;
    private final Clock clock;

    BalancerSource(BalancerFacts facts, Clock clock) {
        this.facts = facts;
        this.clock = clock;
    }

    @Override
    public void addTo(Families families) {
        families.gauge("pointsman_build_info", "1, with the version that runs.")
                .add(Labels.of("version", facts.version()), 1);
        families.gauge("pointsman_ready", "1 while the balancer should get traffic, else 0.")
                .add(facts.isReady() ? 1 : 0);
        connections(families);
        tls(families);
        config(families);
        families.histogram(
                "pointsman_follow_seconds",
                "Times from an instance's being listed by the registry to its first request, but for those of the start.",
                Labels.EMPTY,
                facts.followTimes());
        registry(families);
        observations(families);
    }

    private void registry(Families families) {
        Families.MetricSeries requests =
                families.counter("pointsman_registry_requests", "Requests to the registry, by what they ask for.");
        Families.MetricSeries received = families.counter(
                "pointsman_registry_received_bytes", "Content of the registry's responses, by what was asked for.");
        for (RegistryRequests counted : facts.registryRequests()) {
            Labels kind = Labels.of("kind", counted.kind());
            requests.add(kind, counted.requests());
            received.add(kind, counted.receivedBytes());
        }
    }

    private void observations(Families families) {
        Map<String, Long> dropped = facts.dropped();
        Families.MetricSeries drops = families.counter(
                "pointsman_observations_dropped",
                "Lines, spans and others that could not be passed on and were dropped.");
        dropped.forEach((what, count) -> drops.add(Labels.of("kind", what), count));
        families.counter(
                        "pointsman_access_log_write_failures",
                        "Writes of the access log that have failed; each is tried again, and its lines wait.")
                .add(facts.failedAccessLogWrites());
    }

    private void connections(Families families) {
        BalancerFacts.ConnectionCounts now = facts.connections();
        families.gauge("pointsman_client_connections", "Open connections from clients.")
                .add(now.clientsOpen());
        families.counter("pointsman_client_connections_accepted", "Connections from clients that were accepted.")
                .add(now.clientsAccepted());
        families.counter("pointsman_client_connections_rejected", "Connections from clients beyond the limit.")
                .add(now.clientsRejected());
        families.gauge("pointsman_upstream_connections", "Open connections to instances.")
                .add(now.upstreamsOpen());
        families.counter("pointsman_upstream_connection_attempts", "Connections to instances that were begun.")
                .add(now.upstreamsOpened());
    }

    private void tls(Families families) {
        BalancerFacts.TlsFacts tls = facts.tls();
        if (tls == null) {
            return;
        }
        families.counter("pointsman_tls_handshakes", "Handshakes of TLS with clients that were completed.")
                .add(tls.handshakes());
        Families.MetricSeries failures = families.counter(
                "pointsman_tls_handshake_failures", "Handshakes of TLS with clients that failed, by the reason.");
        new TreeMap<>(tls.failures()).forEach((why, count) -> failures.add(Labels.of("reason", why), count));
        Families.MetricSeries expiry = families.gauge(
                "pointsman_tls_certificate_expiry_timestamp_seconds",
                "When a certificate for clients, or one that it rests on, is not valid any more.");
        tls.certificates()
                .forEach(each ->
                        expiry.add(Labels.of("file", each.file()), each.expiry().getEpochSecond()));
    }

    private void config(Families families) {
        BalancerFacts.ConfigFacts config = facts.config();
        families.gauge("pointsman_routes", "Routes in force.").add(facts.routes());
        families.gauge("pointsman_route_table_version", "The version of the route table in force.")
                .add(facts.tableVersion());
        families.gauge("pointsman_config_version", "The version of the configuration in force.")
                .add(config.version());
        families.gauge(
                        "pointsman_config_last_reload_successful",
                        "1 where the last configuration that was read is in force.")
                .add(config.isRefused() ? 0 : 1);
        Instant since = config.since();
        if (since != null) {
            families.gauge("pointsman_config_age_seconds", "For how long the configuration has been in force.")
                    .add(Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1e3));
        }
        Families.MetricSeries reloads = families.counter(
                "pointsman_config_reloads", "How often the configuration was read again, by the outcome.");
        config.reloads().forEach((outcome, count) -> reloads.add(Labels.of("outcome", outcome), count));
    }
}
