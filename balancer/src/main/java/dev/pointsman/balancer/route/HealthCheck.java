package dev.pointsman.balancer.route;

import java.time.Duration;
import java.util.List;

/**
 * The rule by which the balancer checks the instances of a route itself: a GET at an interval, and how many results in a row
 * change what an instance counts as. The defaults are those of HAProxy. Immutable.
 *
 * @param path what is asked for, with or without a query; or {@code grpc} for the health of a server of gRPC, {@code grpc:SERVICE}
 *     for that of one of its services (grpc.health.v1); or {@code tcp} for a connection, on which nothing is sent
 * @param interval from the beginning of one check of an instance to the beginning of its next; 2 s by default
 * @param timeout for a whole check, from connecting to the end of the response's head; 2 s by default
 * @param unhealthyAfter how many failed checks in a row make an instance critical; 3 by default. The first check of an
 *     instance decides alone
 * @param healthyAfter how many passed checks in a row make a critical one healthy again; 2 by default
 * @param expected the statuses of a passed check; 200 to 399 by default
 * @param host the Host that is sent, or {@link RouteOptions#HOST_OF_INSTANCE} (the default) for address and port of the
 *     instance
 */
public record HealthCheck(
        String path,
        Duration interval,
        Duration timeout,
        int unhealthyAfter,
        int healthyAfter,
        StatusRanges expected,
        String host) {
    /** What stands in the place of a path where a server of gRPC is asked for its health. */
    public static final String GRPC = "grpc";

    /** What stands there where an instance is connected to, and nothing more. */
    public static final String TCP = "tcp";

    /** The shortest interval. */
    public static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);

    private static final Duration EVERY = Duration.ofSeconds(2);
    private static final int FAILS = 3;
    private static final int PASSES = 2;
    private static final StatusRanges EXPECTED = new StatusRanges(List.of(new StatusRanges.StatusRange(200, 399)));

    /** A rule with default values. */
    public HealthCheck(String path) {
        this(path, EVERY, EVERY, FAILS, PASSES, EXPECTED, RouteOptions.HOST_OF_INSTANCE);
    }

    /** Whether a server of gRPC is asked for its health. */
    public boolean isGrpc() {
        return path.startsWith(GRPC);
    }

    /** Whether an instance that takes a connection is well. */
    public boolean isTcp() {
        return path.equals(TCP);
    }

    /** The service of gRPC whose health is asked for; empty for the server as a whole. */
    public String grpcService() {
        return path.length() > GRPC.length() ? path.substring(GRPC.length() + 1) : "";
    }

    /** Whether what was found by the other rule says the same as if it had been found by this one. */
    public boolean asksTheSameAs(HealthCheck other) {
        return path.equals(other.path) && expected.equals(other.expected) && host.equals(other.host);
    }
}
