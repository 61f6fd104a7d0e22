package dev.pointsman.balancer.overview;

import dev.pointsman.balancer.traffic.Traffic;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.WatchStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is wrong with a service, in words: what somebody should look at who is called at night. Immutable.
 *
 * @param own what is wrong with itself; empty if nothing is. What an operator has taken out is as it should be
 * @param ofRegistry what is wrong with what the registry says of it, most often of all services at a time
 */
record ServiceTrouble(List<String> own, List<String> ofRegistry) {
    /** From this share on it is said that requests fail. */
    private static final double MANY_ERRORS = 0.05;

    static ServiceTrouble of(PoolSnapshot pool, WatchStatus registry, Traffic traffic) {
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
        if (traffic.rate() > 0 && traffic.errors() / traffic.rate() >= MANY_ERRORS) {
            all.add(Math.round(100 * traffic.errors() / traffic.rate()) + " % of requests fail");
        }
        List<String> ofRegistry = new ArrayList<>();
        count(pool, Upstream::retained, "retained, as the registry's word is in doubt", ofRegistry);
        if (registry.failures() > 0) {
            ofRegistry.add("the registry does not respond: " + registry.lastError());
        }
        return new ServiceTrouble(List.copyOf(all), List.copyOf(ofRegistry));
    }

    /** The more urgent, the less: what is its own, what the registry's is, nothing. */
    int rank() {
        return !own.isEmpty() ? 0 : isAny() ? 1 : 2;
    }

    boolean isAny() {
        return !own.isEmpty() || !ofRegistry.isEmpty();
    }

    /** One sentence; empty if nothing is wrong. */
    String text() {
        return String.join(
                "; ", Stream.concat(own.stream(), ofRegistry.stream()).toList());
    }

    private static void instances(PoolSnapshot pool, List<String> all) {
        for (Availability state : List.of(Availability.CRITICAL, Availability.EJECTED, Availability.PROBING)) {
            count(pool, upstream -> upstream.availability() == state, name(state), all);
        }
        count(pool, Upstream::isStalled, "stalled", all);
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
