package dev.pointsman.pool;

import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The upstreams of a pool that requests may go to, as lists that a {@link PoolSnapshot} chooses from in order.
 *
 * <p>Who serves is decided here, and only here. The first of these that is not empty is what the policy picks from:
 *
 * <ol>
 *   <li>the ready upstreams that are no backups;
 *   <li>the ready backups;
 *   <li>failing open, where that is allowed: the other upstreams that are no backups;
 *   <li>failing open: the other backups.
 * </ol>
 *
 * <p>A request that failed on all of them goes on to the rest: to backups that are ready, then to what is left, no backups
 * first. An upstream in maintenance, one that was drained, and one whose weight was set to 0, is in none of these lists:
 * somebody wants it so, and knows of no request that should be an exception. A probing one is beside the ready ones, for one request at a time.
 *
 * @param ready those that the policy picks from, in the pool's order
 * @param others those that may serve a request which failed on all of these, best first
 * @param failOpen whether no upstream looks healthy, so that {@code ready} is of those that do not
 * @param backups whether {@code ready} is of backups, as no other upstream can serve
 */
record Candidates(List<Upstream> ready, List<Upstream> others, boolean failOpen, boolean backups) {
    static Candidates of(List<Upstream> upstreams, boolean mayFailOpen) {
        List<Upstream> usable = upstreams.stream().filter(Candidates::isUsable).toList();
        if (usable.stream().anyMatch(upstream -> isHealthy(upstream) && !upstream.isBackup())) {
            return of(usable, upstream -> isReady(upstream) && !upstream.isBackup(), mayFailOpen, false, false);
        }
        // The probes of the others go on meanwhile: how else would they come back?
        if (!mayFailOpen || usable.stream().anyMatch(Candidates::isHealthy)) {
            boolean backups = usable.stream().anyMatch(upstream -> isHealthy(upstream) && upstream.isBackup());
            return of(usable, Candidates::isReady, mayFailOpen, false, backups);
        }
        boolean onlyBackups = usable.stream().allMatch(Upstream::isBackup);
        boolean any = !usable.isEmpty();
        return of(usable, upstream -> onlyBackups || !upstream.isBackup(), true, any, any && onlyBackups);
    }

    private static Candidates of(
            List<Upstream> usable, Predicate<Upstream> picked, boolean mayFailOpen, boolean failOpen, boolean backups) {
        Stream<Upstream> rest = usable.stream().filter(picked.negate());
        List<Upstream> others = rest.filter(upstream -> mayFailOpen || isReady(upstream))
                .sorted(Comparator.comparing((Upstream upstream) -> !isHealthy(upstream))
                        .thenComparing(Upstream::isBackup)
                        .thenComparing(Upstream::availability))
                .toList();
        return new Candidates(usable.stream().filter(picked).toList(), others, failOpen, backups);
    }

    private static boolean isReady(Upstream upstream) {
        return isHealthy(upstream) || upstream.availability() == Availability.PROBING;
    }

    /** Whether it looks healthy, so that using it is no last resort. */
    static boolean isHealthy(Upstream upstream) {
        return upstream.availability() == Availability.READY;
    }

    /** Whether an upstream may be used when failing open: nobody has taken it out, and it is not gone. */
    private static boolean isUsable(Upstream upstream) {
        return upstream.availability().compareTo(Availability.MAINTENANCE) < 0 && !upstream.isWeighedOut();
    }

    /** Whether a healthy upstream was not tried yet, with room or without. */
    boolean isHealthyLeft(List<Upstream> tried) {
        for (Upstream upstream : ready) {
            if (isHealthy(upstream) && !tried.contains(upstream)) {
                return true;
            }
        }
        return false;
    }
}
