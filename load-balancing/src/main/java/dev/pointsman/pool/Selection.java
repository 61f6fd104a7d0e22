package dev.pointsman.pool;

import java.util.Comparator;
import java.util.List;

/**
 * Who of a pool's upstreams may be picked.
 *
 * @param ready those to pick from, in the pool's order
 * @param spare those that may serve a request which failed on all of them, best first
 * @param failOpen whether nothing looks healthy, so that {@code ready} is whatever is not in maintenance
 */
record Selection(List<Upstream> ready, List<Upstream> spare, boolean failOpen) {
    static Selection of(List<Upstream> upstreams, boolean mayFailOpen) {
        boolean healthy = upstreams.stream().anyMatch(upstream -> upstream.availability() == Availability.READY);
        if (!healthy && mayFailOpen) {
            List<Upstream> all =
                    upstreams.stream().filter(Selection::isOpenToAll).toList();
            return new Selection(all, List.of(), !all.isEmpty());
        }
        List<Upstream> ready = upstreams.stream().filter(Selection::isReady).toList();
        List<Upstream> spare = mayFailOpen
                ? upstreams.stream()
                        .filter(upstream -> isOpenToAll(upstream) && !isReady(upstream))
                        .sorted(Comparator.comparing(Upstream::availability))
                        .toList()
                : List.of();
        return new Selection(ready, spare, false);
    }

    private static boolean isReady(Upstream upstream) {
        Availability availability = upstream.availability();
        return availability == Availability.READY || availability == Availability.PROBING;
    }

    /** An operator's word is not overruled, and who is gone is gone. */
    private static boolean isOpenToAll(Upstream upstream) {
        return upstream.availability().compareTo(Availability.MAINTENANCE) < 0;
    }
}
