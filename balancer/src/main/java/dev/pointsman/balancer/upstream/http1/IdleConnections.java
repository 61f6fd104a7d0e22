package dev.pointsman.balancer.upstream.http1;

import org.jspecify.annotations.Nullable;

/**
 * The idle connections to one upstream. The one used last is used next, so that those not needed grow old and close.
 */
final class IdleConnections {
    private @Nullable Entry top;

    void push(Http1UpstreamConnection connection) {
        Entry entry = connection.idleEntry();
        Entry below = top;
        entry.listed = true;
        entry.below = below;
        if (below != null) {
            below.above = entry;
        }
        top = entry;
    }

    @Nullable
    Http1UpstreamConnection pop() {
        Entry entry = top;
        if (entry == null) {
            return null;
        }
        remove(entry);
        return entry.connection;
    }

    void remove(Entry entry) {
        Entry above = entry.above;
        Entry below = entry.below;
        if (above == null) {
            top = below;
        } else {
            above.below = below;
        }
        if (below != null) {
            below.above = above;
        }
        entry.above = null;
        entry.below = null;
        entry.listed = false;
    }

    boolean isEmpty() {
        return top == null;
    }

    /** One connection in the list: a link of its own, so that any of them is removed at no cost. */
    static final class Entry {
        private final Http1UpstreamConnection connection;
        private @Nullable Entry above;
        private @Nullable Entry below;
        private boolean listed;

        Entry(Http1UpstreamConnection connection) {
            this.connection = connection;
        }

        boolean isListed() {
            return listed;
        }
    }
}
