package dev.pointsman.pool;

import java.util.Comparator;
import java.util.List;

/**
 * The upstreams of a pool that requests may go to, as lists that a {@link PoolSnapshot} chooses from in order.
 *
 * @param ready those that the policy picks from, in the pool's order
 * @param unhealthy those that may serve a request which failed on all healthy ones, best first
 * @param failOpen whether no upstream looks healthy, so that {@code ready} is all that are not in maintenance
 */
record Candidates(List<Upstream> ready, List<Upstream> unhealthy, boolean failOpen) {
    static Candidates of(List<Upstream> upstreams, boolean mayFailOpen) {
        boolean healthy = upstreams.stream().anyMatch(upstream -> upstream.availability() == Availability.READY);
        if (!healthy && mayFailOpen) {
            List<Upstream> all = upstreams.stream().filter(Candidates::isUsable).toList();
            return new Candidates(all, List.of(), !all.isEmpty());
        }
        List<Upstream> ready = upstreams.stream().filter(Candidates::isReady).toList();
        List<Upstream> unhealthy = mayFailOpen
                ? upstreams.stream()
                        .filter(upstream -> isUsable(upstream) && !isReady(upstream))
                        .sorted(Comparator.comparing(Upstream::availability))
                        .toList()
                : List.of();
        return new Candidates(ready, unhealthy, false);
    }

    private static boolean isReady(Upstream upstream) {
        Availability availability = upstream.availability();
        return availability == Availability.READY || availability == Availability.PROBING;
    }

    /** Whether an upstream may be used when failing open: neither in maintenance nor gone. */
    private static boolean isUsable(Upstream upstream) {
        return upstream.availability().compareTo(Availability.MAINTENANCE) < 0;
    }

    /** Whether a healthy upstream was not tried yet, with room or without. */
    boolean isHealthyLeft(List<Upstream> tried) {
        for (Upstream upstream : ready) {
            if (upstream.availability() == Availability.READY && !tried.contains(upstream)) {
                return true;
            }
        }
        return false;
    }
}
