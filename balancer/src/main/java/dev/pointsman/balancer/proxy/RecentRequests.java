package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.route.RecentRequest;
import dev.pointsman.balancer.route.Route;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest requests of one event loop: what they were routed by, and to which route, see {@link RecentRequest}. A ring of
 * references to texts that there are anyway, so that to note a request makes no object; plain writes, as the loop alone
 * reads them too. Long targets cannot make it large: beyond {@value #MOST_CHARACTERS} characters the oldest requests leave.
 */
final class RecentRequests {
    /** The most requests, here and of all loops together. */
    static final int KEPT = 10_000;

    /** In hosts and paths; 10,000 requests have less nearly always. */
    static final int MOST_CHARACTERS = 2 * 1024 * 1024;

    private static final int METHOD = 0;
    private static final int HOST = 1;
    private static final int PATH = 2;
    private static final int ROUTE = 3;
    private static final int WIDTH = 4;

    private final int capacity;
    private final @Nullable Object[] parts;
    private final long[] times;
    private int next;
    private int size;
    private int characters;

    RecentRequests() {
        this(KEPT);
    }

    RecentRequests(int capacity) {
        this.capacity = capacity;
        this.parts = new Object[capacity * WIDTH];
        this.times = new long[capacity];
    }

    /** Notes a request; with a null route if none took it. */
    void add(String method, @Nullable String host, String path, @Nullable Route route, long now) {
        if (size == capacity) {
            forgetOldest();
        }
        int at = next * WIDTH;
        parts[at + METHOD] = method;
        parts[at + HOST] = host;
        parts[at + PATH] = path;
        parts[at + ROUTE] = route;
        times[next] = now;
        next = next + 1 == capacity ? 0 : next + 1;
        size++;
        characters += path.length() + (host == null ? 0 : host.length());
        while (characters > MOST_CHARACTERS && size > 1) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        int oldest = next - size;
        int at = (oldest < 0 ? oldest + capacity : oldest) * WIDTH;
        String path = (String) parts[at + PATH];
        String host = (String) parts[at + HOST];
        characters -= (path == null ? 0 : path.length()) + (host == null ? 0 : host.length());
        parts[at + METHOD] = null;
        parts[at + HOST] = null;
        parts[at + PATH] = null;
        parts[at + ROUTE] = null;
        size--;
    }

    /** The requests, the oldest first. */
    List<RecentRequest> list() {
        List<RecentRequest> list = new ArrayList<>(size);
        for (int i = size; i > 0; i--) {
            int place = next - i < 0 ? next - i + capacity : next - i;
            int at = place * WIDTH;
            String method = (String) parts[at + METHOD];
            String path = (String) parts[at + PATH];
            if (method != null && path != null) {
                list.add(new RecentRequest(
                        method, (String) parts[at + HOST], path, (Route) parts[at + ROUTE], times[place]));
            }
        }
        return list;
    }
}
