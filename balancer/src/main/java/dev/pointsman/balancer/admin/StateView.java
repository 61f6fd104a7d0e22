package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.history.TableChange;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.balancer.resilience.PoolTraffic;
import dev.pointsman.canary.CanaryEvent;
import dev.pointsman.canary.CanaryView;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.PoolStatistics;
import dev.pointsman.pool.StateChange;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.Watch;
import dev.pointsman.registry.WatchStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of the balancer as the JSON of the admin API. Thread-safe: reads snapshots only. */
public final class StateView {
    /** The reason of an instance that takes traffic, where there is nothing to add. */
    public static final String WELL = "all checks pass";

    private final Supplier<List<Followed>> followed;
    private final StateChanges changes;
    private final Clock clock;

    /**
     * A pool, and the watch that feeds it.
     *
     * @param policy how it picks
     * @param queue where its requests wait for a permit; null if nothing is limited
     * @param canaries those that it has at the moment of asking
     * @param since when it began to be followed
     */
    public record Followed(
            Pool pool,
            Watch watch,
            String policy,
            PoolTraffic traffic,
            @Nullable AdmissionQueue queue,
            Supplier<List<CanaryView>> canaries,
            Instant since) {}

    /**
     * A view of what changes.
     *
     * @param followed the pools that there are
     */
    public StateView(Supplier<List<Followed>> followed, StateChanges changes, Clock clock) {
        this.followed = followed;
        this.changes = changes;
        this.clock = clock;
    }

    JsonObject services() {
        JsonArray list = new JsonArray();
        followed.get().forEach(one -> list.add(service(one)));
        return new JsonObject().put("services", list);
    }

    private JsonObject service(Followed one) {
        PoolSnapshot snapshot = one.pool().snapshot();
        JsonArray upstreams = new JsonArray();
        snapshot.upstreams().forEach(upstream -> upstreams.add(upstream(upstream)));
        return new JsonObject()
                .put("target", snapshot.target())
                .put("policy", one.policy())
                .put("ready", snapshot.ready().size())
                .put("failOpen", snapshot.failOpen())
                .put("counts", counts(one))
                .put("registry", registry(one.watch().status()))
                .put("canaries", CanaryJson.of(one.canaries().get()))
                .put("upstreams", upstreams);
    }

    /** The counts of a pool since it was made, and what is in flight and waits now. */
    public static JsonObject counts(Followed one) {
        PoolStatistics counts = one.pool().statistics();
        PoolTraffic traffic = one.traffic();
        AdmissionQueue queue = one.queue();
        return new JsonObject()
                .put("inFlight", counts.inFlight())
                .put("waiting", queue == null ? 0 : queue.waiting())
                .put("picks", counts.picks())
                .put("failures", counts.failures())
                .put("retries", traffic.retries())
                .put("attemptTimeouts", traffic.attemptTimeouts())
                .put("ejections", counts.ejections())
                .put("ejectionsSuppressed", counts.suppressedEjections())
                .put("failOpenPicks", counts.failOpenPicks())
                .put("retainedViews", counts.retainedViews())
                .put("waited", traffic.waited())
                .put("rejected", traffic.rejected());
    }

    /** How current the registry's word is. */
    public JsonObject registry(WatchStatus status) {
        Instant lastResponse = status.lastResponse();
        Instant lastChange = status.lastChange();
        return new JsonObject()
                .put("index", Long.toUnsignedString(status.index()))
                .put("ageMs", lastResponse == null ? null : millisSince(lastResponse))
                .put("changedMs", lastChange == null ? null : millisSince(lastChange))
                .put("failures", status.failures())
                .put("lastError", status.lastError());
    }

    private long millisSince(Instant then) {
        return Math.max(0, Duration.between(then, clock.instant()).toMillis());
    }

    private static JsonObject upstream(Upstream upstream) {
        Instance instance = upstream.instance();
        long firstPick = upstream.firstPickAfterNanos();
        return new JsonObject()
                .put("id", upstream.key().id())
                .put("node", upstream.key().node())
                .put("service", instance.service())
                .put("address", instance.address())
                .put("port", instance.port())
                .put("tags", new JsonArray(instance.tags()))
                .put("state", lowerCase(upstream.availability()))
                .put("reason", reason(upstream))
                .put("stalled", upstream.isStalled())
                .put("weight", upstream.weight())
                .put("inFlight", upstream.inFlight())
                .put("picks", upstream.picks())
                .put("failures", upstream.failures())
                .put("ejections", upstream.ejections())
                .put("firstPickAfterMs", firstPick < 0 ? null : firstPick / 1e6);
    }

    /** Why an upstream is as it is, in one sentence; empty where there is nothing to add. */
    public static String reason(Upstream upstream) {
        if (upstream.availability() == Availability.DRAINED) {
            return upstream.why();
        }
        if (upstream.retained()) {
            return "retained: the registry does not list it in a response that is in doubt, and it still answers";
        }
        if (upstream.stale()) {
            return "known from the cache file; the registry has not responded yet";
        }
        if (!upstream.why().isEmpty()) {
            return upstream.why();
        }
        return upstream.availability() == Availability.READY ? WELL : "";
    }

    /**
     * The newest changes of upstreams' states, of canaries and of routes, the newest first.
     *
     * @param after the number of the last one that is known already; 0 for none
     * @param most how many at most
     */
    JsonObject changes(long after, int most) {
        JsonArray list = new JsonArray();
        List<StateChanges.Noted> newest = changes.newest();
        newest.stream()
                .takeWhile(noted -> noted.number() > after)
                .limit(most)
                .forEach(noted -> list.add(change(noted)));
        return new JsonObject()
                .put("startedAt", changes.begun().toString())
                .put("last", newest.isEmpty() ? 0 : newest.get(0).number())
                .put("changes", list);
    }

    /** One of the changes, as they are listed. */
    public record ShownChange(long number, JsonObject json) {}

    /** Those of the newest changes that have a larger number, the oldest first. */
    public List<ShownChange> changesAfter(long number) {
        List<ShownChange> after = new ArrayList<>();
        for (StateChanges.Noted noted : changes.newest()) {
            if (noted.number() > number) {
                after.add(0, new ShownChange(noted.number(), change(noted)));
            }
        }
        return after;
    }

    private static JsonObject change(StateChanges.Noted noted) {
        StateChange change = noted.change();
        CanaryEvent canary = noted.canary();
        TableChange table = noted.table();
        JsonObject json;
        if (change != null) {
            json = change(noted.at(), change);
        } else if (canary != null) {
            json = CanaryJson.of(noted.at(), canary);
        } else if (table != null) {
            json = RoutingJson.event(table);
        } else {
            throw new IllegalStateException("a change of nothing: " + noted);
        }
        return json.put("number", noted.number());
    }

    private static JsonObject change(Instant at, StateChange change) {
        Availability before = change.before();
        return new JsonObject()
                .put("at", at.toString())
                .put("target", change.target())
                .put("id", change.upstream().id())
                .put("node", change.upstream().node())
                .put("from", before == null ? null : lowerCase(before))
                .put("to", lowerCase(change.after()))
                .put("reason", change.reason());
    }

    /**
     * The use of one instance: whether it may still be sent requests, and how many it has, in all pools with it: what
     * has to be known before it is stopped. See docs/drain-protocol.md.
     *
     * @param node null for any
     */
    JsonObject instance(String id, @Nullable String node) {
        JsonArray pools = new JsonArray();
        int inFlight = 0;
        boolean acceptsNew = false;
        for (Followed one : followed.get()) {
            PoolSnapshot snapshot = one.pool().snapshot();
            inFlight += one.pool().inFlightOn(node, id);
            for (Upstream upstream : snapshot.upstreams()) {
                if (upstream.key().id().equals(id)
                        && (node == null || upstream.key().node().equals(node))) {
                    boolean ready = snapshot.ready().contains(upstream);
                    acceptsNew |= ready;
                    pools.add(new JsonObject()
                            .put("target", snapshot.target())
                            .put("node", upstream.key().node())
                            .put("state", lowerCase(upstream.availability()))
                            .put("acceptsNew", ready)
                            .put("inFlight", upstream.inFlight()));
                }
            }
        }
        return new JsonObject()
                .put("id", id)
                .put("acceptsNew", acceptsNew)
                .put("inFlight", inFlight)
                .put("pools", pools);
    }

    /** The name of a value, as JSON has it. */
    public static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
