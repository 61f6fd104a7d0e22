package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.traffic.Traffic;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.WatchStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What is wrong with a service, in words: what somebody should look at who is called at night. */
final class ServiceTrouble {
    /** From this share on it is said that requests fail. */
    private static final double MANY_ERRORS = 0.05;

    private ServiceTrouble() {}

    /** What is wrong; empty if nothing is. What an operator has taken out is as it should be. */
    static String of(PoolSnapshot pool, WatchStatus registry, Traffic traffic) {
        List<String> all = new ArrayList<>();
        if (pool.upstreams().isEmpty()) {
            all.add(
                    registry.lastChange() == null
                            ? "the registry has not said yet which instances there are"
                            : "no instance is listed");
        } else if (pool.failOpen()) {
            all.add("no instance looks healthy; " + pool.ready().size() + " are used all the same (fail open)");
        } else if (pool.ready().isEmpty()) {
            all.add("no instance takes requests");
        }
        if (pool.backups()) {
            all.add("requests go to backups");
        }
        instances(pool, all);
        if (registry.failures() > 0) {
            all.add("the registry does not respond: " + registry.lastError());
        }
        if (traffic.rate() > 0 && traffic.errors() / traffic.rate() >= MANY_ERRORS) {
            all.add(Math.round(100 * traffic.errors() / traffic.rate()) + " % of requests fail");
        }
        return String.join("; ", all);
    }

    private static void instances(PoolSnapshot pool, List<String> all) {
        for (Availability state : List.of(Availability.CRITICAL, Availability.EJECTED, Availability.PROBING)) {
            count(pool, upstream -> upstream.availability() == state, name(state), all);
        }
        count(pool, Upstream::isStalled, "stalled", all);
        count(pool, Upstream::retained, "retained, as the registry's word is in doubt", all);
    }

    private static String name(Availability state) {
        return switch (state) {
            case CRITICAL -> "critical";
            case EJECTED -> "ejected";
            default -> "probing";
        };
    }

    private static void count(PoolSnapshot pool, Predicate<Upstream> such, String word, List<String> all) {
        long count = pool.upstreams().stream().filter(such).count();
        if (count > 0) {
            int of = pool.upstreams().size();
            all.add(count + " of " + of + (of == 1 ? " instance" : " instances") + (count == 1 ? " is " : " are ")
                    + word);
        }
    }
}
