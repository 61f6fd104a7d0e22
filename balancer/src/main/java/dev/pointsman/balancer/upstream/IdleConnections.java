package dev.pointsman.balancer.upstream;

import org.jspecify.annotations.Nullable;

/**
 * The idle connections to one upstream. The one used last is used next, so that those not needed grow old and close.
 */
final class IdleConnections {
    private @Nullable UpstreamConnection top;

    void push(UpstreamConnection connection) {
        UpstreamConnection below = top;
        connection.idle = true;
        connection.below = below;
        if (below != null) {
            below.above = connection;
        }
        top = connection;
    }

    @Nullable
    UpstreamConnection pop() {
        UpstreamConnection connection = top;
        if (connection != null) {
            remove(connection);
        }
        return connection;
    }

    void remove(UpstreamConnection connection) {
        UpstreamConnection above = connection.above;
        UpstreamConnection below = connection.below;
        if (above == null) {
            top = below;
        } else {
            above.below = below;
        }
        if (below != null) {
            below.above = above;
        }
        connection.above = null;
        connection.below = null;
        connection.idle = false;
    }

    boolean isEmpty() {
        return top == null;
    }
}
