package dev.pointsman.balancer.exposition;

import dev.pointsman.balancer.tcp.TcpTraffic;
import io.prometheus.metrics.model.snapshots.Labels;

/** The metrics of TCP routes. */
final class TcpSource implements MetricSource {
    private static final String ROUTE = "route";

    private final TcpTraffic traffic;

    TcpSource(TcpTraffic traffic) {
        this.traffic = traffic;
    }

    @Override
    public void addTo(Families families) {
        traffic.all().forEach((name, counts) -> add(families, name, counts));
    }

    private static void add(Families families, String name, TcpTraffic.TcpRouteCounts counts) {
        Labels route = Labels.of(ROUTE, name);
        families.gauge("pointsman_tcp_connections", "Open connections of a TCP route.")
                .add(route, counts.connections().open());
        families.counter("pointsman_tcp_connections_accepted", "Connections that a TCP route took.")
                .add(route, counts.connections().accepted());
        families.counter("pointsman_tcp_connection_seconds", "The time of those that have ended, added up.")
                .add(route, counts.seconds());
        families.counter("pointsman_tcp_received_bytes", "Bytes from clients.")
                .add(route, counts.connections().received());
        families.counter("pointsman_tcp_sent_bytes", "Bytes to clients.")
                .add(route, counts.connections().sent());
        families.counter(
                        "pointsman_tcp_connect_failures",
                        "Connections to instances that did not stand; another instance is tried.")
                .add(route, counts.retries());
        counts.failures().forEach((why, count) -> families.counter(
                        "pointsman_tcp_failures",
                        "Connections that have ended before both sides had sent all, by the reason; of what"
                                + " failed before a route was known by the port.")
                .add(Labels.of(ROUTE, name, "kind", why.code()), count));
    }
}
