package dev.pointsman.registry.consul;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Says once that Consul is lost, and once that it is back, however many watches notice it and however often they try.
 * What concerns one watch alone (a refusal, an answer that cannot be read) is said once for that watch. Lives on one
 * Vert.x context.
 */
final class Outages {
    private final String url;
    private final LongSupplier nanoTime;
    private final Consumer<String> warn;
    private final Consumer<String> info;
    /** The watches that Consul does not answer, or not now: one outage, shared by all. */
    private final Set<String> lost = new HashSet<>();

    private final Set<Kind> said = EnumSet.noneOf(Kind.class);
    private final Map<String, Kind> ownTroubles = new HashMap<>();
    private long lostAt;

    /**
     * @param url how Consul is called in the sentences
     * @param nanoTime measures how long it is lost
     * @param warn takes the sentence of a loss
     * @param info takes the sentence of a return
     */
    Outages(String url, LongSupplier nanoTime, Consumer<String> warn, Consumer<String> info) {
        this.url = url;
        this.nanoTime = nanoTime;
        this.warn = warn;
        this.info = info;
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
                warn.accept("Consul at " + url
                        + (kind == Kind.UNREACHABLE ? " cannot be reached (" : " cannot answer now (")
                        + failure.getMessage() + "): going on with the instances known so far, and trying on");
            }
        } else {
            regained(watch);
            if (ownTroubles.put(watch, kind) != kind) {
                warn.accept("Consul at " + url
                        + (kind == Kind.REJECTED ? " refuses " : " gave an answer that cannot be read to ")
                        + watch + " (" + failure.getMessage()
                        + "): going on with what is known of it so far, and trying on");
            }
        }
    }

    /** This watch had a good answer. */
    void answered(String watch) {
        if (ownTroubles.remove(watch) != null) {
            info.accept("Consul at " + url + " answers " + watch + " again");
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
            info.accept("Consul at " + url + " answers again, after " + away.toMillis() / 1000.0 + " s");
        }
    }
}
