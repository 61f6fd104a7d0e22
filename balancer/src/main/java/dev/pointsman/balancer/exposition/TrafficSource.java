package dev.pointsman.balancer.exposition;

import dev.pointsman.balancer.metrics.RequestPhase;
import dev.pointsman.balancer.metrics.RouteCounts;
import dev.pointsman.balancer.metrics.TrafficMeters;
import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics of requests and their attempts. */
final class TrafficSource implements MetricSource {
    private static final String[] ROUTE = {"route", "service"};

    private final Supplier<TrafficMeters> meters;

    TrafficSource(Supplier<TrafficMeters> meters) {
        this.meters = meters;
    }

    @Override
    public void addTo(Families families) {
        TrafficMeters now = meters.get();
        Map<RouteName, RouteCounts> routes = now.routes();
        routes.forEach((name, counts) -> requests(families, name, counts));
        routes.forEach((name, counts) -> times(families, name, counts));
        instances(families, now);
    }

    private static Labels labels(RouteName name) {
        return Labels.of(ROUTE, new String[] {name.route(), name.service()});
    }

    private static void requests(Families families, RouteName name, RouteCounts counts) {
        Labels labels = labels(name);
        Families.MetricSeries requests =
                families.counter("pointsman_requests", "Requests that are over, by method and status of the response.");
        counts.responses()
                .forEach((kind, count) -> requests.add(
                        labels.add("method", kind.method().label()).add("code", Integer.toString(kind.status())),
                        count));
        Families.MetricSeries failures = families.counter(
                "pointsman_request_failures",
                "Requests that did not get the whole response of an instance, by the reason.");
        counts.failures().forEach((kind, count) -> failures.add(labels.add("reason", kind.code()), count));
        families.counter("pointsman_request_retries", "Attempts of requests beyond their first.")
                .add(labels, counts.retries());
        families.counter(
                        "pointsman_request_body_bytes", "Bytes of requests' bodies, and through tunnels, from clients.")
                .add(labels, counts.requestBytes());
        families.counter(
                        "pointsman_response_body_bytes", "Bytes of responses' bodies, and through tunnels, to clients.")
                .add(labels, counts.responseBytes());
    }

    private static void times(Families families, RouteName name, RouteCounts counts) {
        families.histogram(
                "pointsman_request_duration_seconds",
                "Times from a request's head to the last byte of its response, tunnels aside.",
                labels(name),
                counts.whole());
        for (RequestPhase phase : RequestPhase.values()) {
            if (counts.phase(phase).count() > 0) {
                families.histogram(
                        "pointsman_request_phase_duration_seconds",
                        "Times of the parts of requests: wait (for a permit), connect (where a connection was opened), first_byte (from the request's head"
                                + " to the response's), body (from there to its end).",
                        labels(name).add("phase", phase.label()),
                        counts.phase(phase));
            }
        }
    }

    private static void instances(Families families, TrafficMeters meters) {
        Families.MetricSeries responses = families.counter(
                "pointsman_upstream_responses", "Responses of instances, by the class of their status.");
        Families.MetricSeries failures =
                families.counter("pointsman_upstream_failures", "Attempts at instances that failed, by the reason.");
        Families.MetricSeries connections =
                families.counter("pointsman_upstream_connections_opened", "Connections that were opened to instances.");
        meters.instances().forEach((name, counts) -> {
            Labels labels = ServiceSource.labels(name.service(), name.key());
            counts.responses().forEach((hundreds, count) -> responses.add(labels.add("code", hundreds + "xx"), count));
            counts.failures().forEach((kind, count) -> failures.add(labels.add("reason", kind.code()), count));
            connections.add(labels, counts.connections());
            families.histogram(
                    "pointsman_upstream_first_byte_seconds",
                    "Times from a connection to an instance being there to the head of its response.",
                    labels,
                    counts.firstByte());
        });
    }
}
