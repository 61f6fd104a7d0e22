package dev.pointsman.registry.consul;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that Consul is lost, and once that it is back, however many watches notice it and however often they try.
 * What concerns one watch alone (a refusal, an answer that cannot be read) is said once for that watch. Lives on one
 * Vert.x context.
 */
final class Outages {
    private static final Logger LOG = LoggerFactory.getLogger(Outages.class);

    private final String url;
    private final LongSupplier nanoTime;
    /** The watches that Consul does not answer, or not now: one outage, shared by all. */
    private final Set<String> lost = new HashSet<>();

    private final Set<Kind> said = EnumSet.noneOf(Kind.class);
    private final Map<String, Kind> ownTroubles = new HashMap<>();
    private long lostAt;

    Outages(String url, LongSupplier nanoTime) {
        this.url = url;
        this.nanoTime = nanoTime;
    }

    /** An attempt of this watch failed. */
    void failed(String watch, RegistryException failure) {
        Kind kind = failure.kind();
        if (kind == Kind.UNREACHABLE || kind == Kind.UNAVAILABLE) {
            if (lost.isEmpty()) {
                lostAt = nanoTime.getAsLong();
                said.clear();
            }
            lost.add(watch);
            if (said.add(kind)) {
                LOG.warn(
                        "Consul at {} {} ({}): going on with the instances known so far, and trying on",
                        url,
                        kind == Kind.UNREACHABLE ? "cannot be reached" : "cannot answer now",
                        failure.getMessage());
            }
        } else {
            regained(watch);
            if (ownTroubles.put(watch, kind) != kind) {
                LOG.warn(
                        "Consul at {} {} {} ({}): going on with what is known of it so far, and trying on",
                        url,
                        kind == Kind.REJECTED ? "refuses" : "gave an answer that cannot be read to",
                        watch,
                        failure.getMessage());
            }
        }
    }

    /** This watch had a good answer. */
    void answered(String watch) {
        if (ownTroubles.remove(watch) != null) {
            LOG.info("Consul at {} answers {} again", url, watch);
        }
        regained(watch);
    }

    /** This watch is over. */
    void forget(String watch) {
        ownTroubles.remove(watch);
        lost.remove(watch);
    }

    private void regained(String watch) {
        if (lost.remove(watch) && lost.isEmpty()) {
            Duration away = Duration.ofNanos(nanoTime.getAsLong() - lostAt);
            LOG.info("Consul at {} answers again, after {} s", url, away.toMillis() / 1000.0);
        }
    }
}
