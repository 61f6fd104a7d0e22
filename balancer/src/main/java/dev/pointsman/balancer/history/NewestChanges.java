package dev.pointsman.balancer.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest of a number of changes of routes, so many that they fit into memory: {@value #KEPT}, or fewer where each changed
 * thousands of routes, but always the last two. Not thread-safe.
 *
 * @param <T> a change
 */
public final class NewestChanges<T> {
    /** The most changes that are kept. */
    public static final int KEPT = 50;

    /** The most routes that those but the last two changed together: some 10 MB. */
    public static final int MOST_ROUTES = 20_000;

    private static final int AT_LEAST = 2;

    private final Deque<T> newest = new ArrayDeque<>();
    private final Function<T, RouteDiff> diff;
    private int routes;

    /** @param diff what a change changed */
    public NewestChanges(Function<T, RouteDiff> diff) {
        this.diff = diff;
    }

    /** Adds one that is newer than all others. */
    public void add(T change) {
        newest.addFirst(change);
        routes += diff.apply(change).size();
        while (newest.size() > KEPT || (routes > MOST_ROUTES && newest.size() > AT_LEAST)) {
            routes -= diff.apply(newest.removeLast()).size();
        }
    }

    /** Puts another one, which changed the same, in the place of the newest. */
    public void replaceNewest(T change) {
        newest.removeFirst();
        newest.addFirst(change);
    }

    /** The newest; null if there is none. */
    public @Nullable T newest() {
        return newest.peekFirst();
    }

    /** All, the newest first. */
    public List<T> list() {
        return List.copyOf(newest);
    }

    public void clear() {
        newest.clear();
        routes = 0;
    }
}
