package dev.pointsman.registry.consul.internal.log;

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
 * The log of Consul's outages: one line when Consul is lost and one when it is back, however many watches notice it and
 * however often they try. What concerns one watch alone (a refusal, a response that cannot be parsed) is logged once for
 * that watch. Lives on one Vert.x context.
 */
public final class OutageLog {
    private final String place;
    private final LongSupplier nanoTime;
    private final Consumer<String> warn;
    private final Consumer<String> info;
    /** The watches that Consul does not respond to, or not now: one outage, shared by all. */
    private final Set<String> lost = new HashSet<>();

    private final Set<Kind> logged = EnumSet.noneOf(Kind.class);
    private final Map<String, Kind> ownFailures = new HashMap<>();
    /** The watches with entries that are retained because of a doubt. */
    private final Set<String> doubted = new HashSet<>();

    private final Set<String> doubtsLogged = new HashSet<>();
    private long lostAt;

    /**
     * @param place how Consul is called in the sentences
     * @param nanoTime measures how long it is lost
     * @param warn takes the sentence of a loss
     * @param info takes the sentence of a return
     */
    public OutageLog(String place, LongSupplier nanoTime, Consumer<String> warn, Consumer<String> info) {
        this.place = place;
        this.nanoTime = nanoTime;
        this.warn = warn;
        this.info = info;
    }

    /** Notes that an attempt of this watch failed. */
    public void failed(String watch, RegistryException failure) {
        Kind kind = failure.kind();
        if (kind == Kind.UNREACHABLE || kind == Kind.UNAVAILABLE) {
            if (lost.isEmpty()) {
                lostAt = nanoTime.getAsLong();
                logged.clear();
            }
            lost.add(watch);
            if (logged.add(kind)) {
                warn.accept("Consul at " + place
                        + (kind == Kind.UNREACHABLE ? " cannot be reached (" : " cannot respond now (")
                        + failure.getMessage() + "): going on with the instances known so far, and trying on");
            }
        } else {
            regained(watch);
            if (ownFailures.put(watch, kind) != kind) {
                warn.accept("Consul at " + place
                        + (kind == Kind.REJECTED ? " refuses " : " gave a response that cannot be parsed to ")
                        + watch + " (" + failure.getMessage()
                        + "): going on with what is known of it so far, and trying on");
            }
        }
    }

    /** Notes that this watch had a good response. */
    public void succeeded(String watch) {
        if (ownFailures.remove(watch) != null) {
            info.accept("Consul at " + place + " responds to " + watch + " again");
        }
        regained(watch);
    }

    /** Notes that this watch goes on with instances that Consul does not list any more, and why. */
    public void doubted(String watch, String reason) {
        doubted.add(watch);
        if (doubtsLogged.add(reason)) {
            warn.accept("Consul at " + place + " does not list all instances any more, but its response is in doubt ("
                    + watch + ": " + reason + "): those that it misses stay as long as they answer");
        }
    }

    /** Notes that nothing of this watch is retained any more. */
    public void trusted(String watch) {
        if (doubted.remove(watch) && doubted.isEmpty()) {
            doubtsLogged.clear();
            info.accept(
                    "Consul at " + place + " is believed again: every instance is listed, or has stopped answering");
        }
    }

    /** Removes a watch that is over. */
    public void forget(String watch) {
        ownFailures.remove(watch);
        lost.remove(watch);
        if (doubted.remove(watch) && doubted.isEmpty()) {
            doubtsLogged.clear();
        }
    }

    private void regained(String watch) {
        if (lost.remove(watch) && lost.isEmpty()) {
            Duration away = Duration.ofNanos(nanoTime.getAsLong() - lostAt);
            info.accept("Consul at " + place + " responds again, after " + away.toMillis() / 1000.0 + " s");
        }
    }
}
