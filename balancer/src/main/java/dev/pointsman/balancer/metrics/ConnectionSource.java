package dev.pointsman.balancer.metrics;

import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import java.util.Map;

/** Counts of connections that somebody can look at. Thread-safe. */
@FunctionalInterface
public interface ConnectionSource {
    /** What was counted so far, over all loops, by TCP route and service. */
    Map<RouteName, TcpCounts> connections();
}
