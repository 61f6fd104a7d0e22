package dev.pointsman.balancer.tcp;

import dev.pointsman.balancer.metrics.TrafficMeters.RouteName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counts of all TCP routes on one event loop, which writes them; any thread reads. */
public final class LoopTcpTraffic {
    /** What stands for no service. */
    private static final String NONE = "";

    private final Map<RouteName, TcpMeter> meters = new ConcurrentHashMap<>();

    LoopTcpTraffic() {}

    /** The counts of one route's connections to one service; made when they are asked for first. */
    TcpMeter of(String route, String service) {
        return meters.computeIfAbsent(new RouteName(route, service), first -> new TcpMeter());
    }

    /** The counts of what fails at a port before a route is known. */
    public TcpMeter ofPort(int port) {
        return of(":" + port, NONE);
    }

    Map<RouteName, TcpMeter> meters() {
        return meters;
    }
}
