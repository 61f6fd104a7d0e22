package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.InstanceControl;
import dev.pointsman.balancer.admin.WriteRefusedException;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.OneLine;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The instances that were drained through the admin API, in all pools that there are and that are made later, until they are
 * readmitted or this process ends. For the control plane's loop.
 */
final class DrainedInstances implements InstanceControl {
    /** The most at a time; of those that are not listed any more the oldest makes room. */
    static final int MOST = 1_000;

    private final Supplier<List<Pool>> pools;
    private final InstantSource clock;
    private final Map<InstanceKey, String> orders = new LinkedHashMap<>();

    /**
     * None yet.
     *
     * @param pools those that there are
     */
    DrainedInstances(Supplier<List<Pool>> pools, InstantSource clock) {
        this.pools = pools;
        this.clock = clock;
    }

    /** All orders, for {@link #inherit} of another process. */
    JsonArray legacy() {
        JsonArray all = new JsonArray();
        orders.forEach((key, why) -> all.add(
                new JsonObject().put("node", key.node()).put("id", key.id()).put("why", why)));
        return all;
    }

    /** Goes by the orders that another process was given; before there are pools. */
    void inherit(JsonArray legacy) {
        for (int i = 0; i < legacy.size(); i++) {
            JsonObject order = legacy.getJsonObject(i);
            orders.put(new InstanceKey(order.getString("node"), order.getString("id")), order.getString("why"));
        }
    }

    /** Has a pool that was just made know them, before its first view. */
    void tell(Pool pool) {
        orders.forEach(pool::drain);
    }

    @Override
    public Future<InstanceChange> drain(String id, @Nullable String node, String who) {
        try {
            InstanceKey key = find(id, node);
            makeRoom(key);
            String why = "drained" + by(who);
            orders.remove(key);
            orders.put(key, why);
            pools.get().forEach(pool -> pool.drain(key, why));
            int inFlight = pools.get().stream()
                    .mapToInt(pool -> pool.inFlightOn(key.node(), key.id()))
                    .sum();
            return done(
                    key,
                    "is drained for this balancer, with " + inFlight
                            + " in flight, until it is readmitted or this process ends");
        } catch (WriteRefusedException refused) {
            return Future.failedFuture(refused);
        }
    }

    @Override
    public Future<InstanceChange> readmit(String id, @Nullable String node, String who) {
        try {
            InstanceKey key = find(id, node);
            orders.remove(key);
            String why = "readmitted" + by(who);
            pools.get().forEach(pool -> pool.readmit(key, why));
            Set<Availability> states =
                    upstreams(key).map(Upstream::availability).collect(Collectors.toSet());
            boolean ready = states.isEmpty() || states.equals(Set.of(Availability.READY));
            return done(
                    key,
                    ready
                            ? "is readmitted"
                            : "is kept from requests by nothing here any more, but the registry's word or its weight");
        } catch (WriteRefusedException refused) {
            return Future.failedFuture(refused);
        }
    }

    private static Future<InstanceChange> done(InstanceKey key, String what) {
        return Future.succeededFuture(
                new InstanceChange(key.id(), key.node(), OneLine.of(key.toString()) + " " + what));
    }

    private String by(String who) {
        return " by " + who + " through the admin API at " + clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private Stream<Upstream> upstreams(InstanceKey key) {
        return pools.get().stream()
                .flatMap(pool -> pool.snapshot().upstreams().stream())
                .filter(upstream -> upstream.key().equals(key));
    }

    private InstanceKey find(String id, @Nullable String node) throws WriteRefusedException {
        Set<InstanceKey> found = new HashSet<>(orders.keySet());
        pools.get().forEach(pool -> pool.snapshot().upstreams().forEach(upstream -> found.add(upstream.key())));
        found.removeIf(
                key -> !key.id().equals(id) || (node != null && !key.node().equals(node)));
        if (found.size() > 1) {
            String nodes = new TreeSet<>(found.stream().map(InstanceKey::node).toList())
                    .stream().map(OneLine::of).collect(Collectors.joining(", "));
            throw new WriteRefusedException(
                    409,
                    "\"" + OneLine.of(id) + "\" is an instance on several nodes (say which with ?node=: " + nodes
                            + ")");
        }
        if (found.isEmpty()) {
            throw new WriteRefusedException(
                    404,
                    "no pool has an instance \"" + OneLine.of(id) + "\""
                            + (node == null ? "" : " on " + OneLine.of(node)) + " (see /api/services)");
        }
        return found.iterator().next();
    }

    private void makeRoom(InstanceKey wanted) throws WriteRefusedException {
        if (orders.size() < MOST || orders.containsKey(wanted)) {
            return;
        }
        Set<InstanceKey> listed = new HashSet<>();
        pools.get().forEach(pool -> pool.snapshot().upstreams().forEach(upstream -> listed.add(upstream.key())));
        Iterator<InstanceKey> oldest = orders.keySet().iterator();
        while (oldest.hasNext()) {
            InstanceKey key = oldest.next();
            if (!listed.contains(key)) {
                oldest.remove();
                pools.get().forEach(pool -> pool.readmit(key, "forgotten"));
                return;
            }
        }
        throw new WriteRefusedException(409, MOST + " instances are drained already (expected: readmit some first)");
    }
}
