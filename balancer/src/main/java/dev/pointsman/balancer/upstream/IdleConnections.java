package dev.pointsman.balancer.upstream;

import org.jspecify.annotations.Nullable;

/** The idle connections to one upstream. The one used last is used next, so that those not needed grow old and close. */
final class IdleConnections {
    private @Nullable Connection top;

    void push(Connection connection) {
        Connection below = top;
        connection.idle = true;
        connection.below = below;
        if (below != null) {
            below.above = connection;
        }
        top = connection;
    }

    @Nullable
    Connection pop() {
        Connection connection = top;
        if (connection != null) {
            remove(connection);
        }
        return connection;
    }

    void remove(Connection connection) {
        Connection above = connection.above;
        Connection below = connection.below;
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
