package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A policy that parts upstreams into groups by how near they are, and sends requests to the nearest group as long as that one
 * is not overloaded; within each group, another policy picks. All groups are of one pool, so that ejection, retries, limits and
 * failing open are what they are without groups.
 *
 * <p>A request goes to the nearest group with an upstream that can take it (it is ready, has room, does not stall, and was not
 * tried by this request), provided that fewer than {@code spillOver} requests are in flight for each such upstream of the group,
 * in the mean. Where every group has as many, it goes to the nearest one all the same. So a group that fails is replaced by the
 * next at once, and gets its requests back with the first upstream that is ready again. Weights shift requests within a group and
 * not between groups; one in its slow start counts by the share that it has, so that a group which comes back with one cold
 * upstream does not drown it.
 *
 * <p>A policy that gives tokens ({@link Sticky}) keeps its clients across groups: a request with the token of an upstream that is
 * ready goes to the group of that one first, overloaded or not, and is given no other token elsewhere. Hashes go by the nearest
 * group's upstreams: the same key has one home in each group.
 *
 * <p>Where all upstreams are equally near, their policy's own picker is used, at no further cost. Otherwise each pick looks at
 * all upstreams of a group. For a pool with canaries, this goes within {@code CanaryPicks}, not around it. Thread-safe as
 * policies are.
 */
public final class NearestFirst implements PickPolicy {
    private final ToIntFunction<Upstream> nearness;
    private final Supplier<PickPolicy> policies;
    private final int spillOver;

    /** The policy within each group that the newest snapshot has, by nearness. For the pool's writer alone. */
    private final Map<Integer, PickPolicy> within = new HashMap<>();

    /**
     * A policy that parts by nearness.
     *
     * @param nearness the group of an upstream, the lowest number for the nearest; asked once for each snapshot, so that an
     *     upstream whose facts have changed moves with the next one
     * @param policies makes the policy that picks within a group; a policy is used on as long as its group has upstreams
     * @param spillOver requests in flight for each upstream of a group from which on further ones go to the next group; 1 or more
     * @throws IllegalArgumentException when {@code spillOver} is less than 1
     */
    public NearestFirst(ToIntFunction<Upstream> nearness, Supplier<PickPolicy> policies, int spillOver) {
        if (spillOver < 1) {
            throw new IllegalArgumentException("spill over: " + spillOver + " (expected: 1 or more)");
        }
        this.nearness = nearness;
        this.policies = policies;
        this.spillOver = spillOver;
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        TreeMap<Integer, List<Upstream>> byNearness = new TreeMap<>();
        for (Upstream upstream : ready) {
            byNearness
                    .computeIfAbsent(nearness.applyAsInt(upstream), none -> new ArrayList<>())
                    .add(upstream);
        }
        within.keySet().retainAll(byNearness.keySet());
        if (byNearness.size() == 1) {
            return policyOf(byNearness.firstKey()).build(ready, readyInFlight);
        }
        List<NearGroup> groups = new ArrayList<>();
        byNearness.forEach((near, upstreams) -> groups.add(new NearGroup(upstreams, policyOf(near), spillOver)));
        return new ByNearness(groups.toArray(new NearGroup[0]));
    }

    private PickPolicy policyOf(int near) {
        return within.computeIfAbsent(near, none -> policies.get());
    }

    /** The load of those upstreams of a group that can take a request. */
    private enum GroupLoad {
        /** Further requests are welcome. */
        BELOW,
        /** Further requests should go to the next group. */
        ABOVE,
        /** No upstream can take the request, but perhaps a stalled one that is due for a trial. */
        NO_TAKER
    }

    /** The ready upstreams that are equally near. */
    private static final class NearGroup {
        private final Upstream[] upstreams;
        private final Picker picker;
        private final long spillOver;

        private NearGroup(List<Upstream> upstreams, PickPolicy policy, int spillOver) {
            this.upstreams = upstreams.toArray(new Upstream[0]);
            this.picker = policy.build(List.copyOf(upstreams), this::inFlight);
            this.spillOver = spillOver;
        }

        private int inFlight() {
            int sum = 0;
            for (Upstream upstream : upstreams) {
                sum += upstream.inFlight();
            }
            return sum;
        }

        private GroupLoad load(List<Upstream> tried) {
            long inFlight = 0;
            long warmth = 0;
            for (Upstream upstream : upstreams) {
                // What hangs on a stalled one, or on a full one, says nothing about those that would get the request.
                if (!upstream.isFull() && !upstream.isStalled() && !tried.contains(upstream)) {
                    inFlight += upstream.inFlight();
                    warmth += upstream.warmth();
                }
            }
            if (warmth == 0) {
                return GroupLoad.NO_TAKER;
            }
            return inFlight * Upstream.WHOLE < spillOver * warmth ? GroupLoad.BELOW : GroupLoad.ABOVE;
        }

        /** Whether its policy gives tokens to clients. */
        private boolean givesTokens() {
            return picker.token(upstreams[0], RequestFacts.NONE) != null;
        }

        /** Whether a client has the token of one of these already, where the policy gives tokens. */
        private boolean isHomeOf(RequestFacts request) {
            return picker.token(upstreams[0], request) == null;
        }
    }

    private static final class ByNearness implements Picker {
        /** The nearest first. */
        private final NearGroup[] groups;

        private final boolean givesTokens;

        private ByNearness(NearGroup[] groups) {
            this.groups = groups;
            this.givesTokens = groups.length > 0 && groups[0].givesTokens();
        }

        @Override
        public @Nullable Upstream pick(List<Upstream> tried, RequestFacts request) {
            NearGroup home = home(request);
            Upstream picked = home == null ? null : home.picker.pick(tried, request);
            return picked == null ? nearest(tried, request) : picked;
        }

        private @Nullable Upstream nearest(List<Upstream> tried, RequestFacts request) {
            boolean passedOver = false;
            for (NearGroup group : groups) {
                if (group.load(tried) == GroupLoad.ABOVE) {
                    passedOver = true;
                    continue;
                }
                Upstream picked = group.picker.pick(tried, request);
                if (picked != null) {
                    return picked;
                }
            }
            return passedOver ? nearestAllTheSame(tried, request) : null;
        }

        private @Nullable Upstream nearestAllTheSame(List<Upstream> tried, RequestFacts request) {
            for (NearGroup group : groups) {
                Upstream picked = group.picker.pick(tried, request);
                if (picked != null) {
                    return picked;
                }
            }
            return null;
        }

        /** The group with the upstream whose token the client has; null if there is none. */
        private @Nullable NearGroup home(RequestFacts request) {
            if (givesTokens) {
                for (NearGroup group : groups) {
                    if (group.isHomeOf(request)) {
                        return group;
                    }
                }
            }
            return null;
        }

        @Override
        public @Nullable String token(Upstream picked, RequestFacts request) {
            if (!givesTokens || home(request) != null) {
                return null;
            }
            for (NearGroup group : groups) {
                String token = group.picker.token(picked, request);
                if (token != null) {
                    return token;
                }
            }
            return null;
        }

        @Override
        public @Nullable Upstream peek(RequestFacts request) {
            NearGroup next = next(request);
            return next == null ? null : next.picker.peek(request);
        }

        /** The group that a request would go to which has tried none; null if there is none. */
        private @Nullable NearGroup next(RequestFacts request) {
            NearGroup home = home(request);
            if (home != null && home.load(List.of()) != GroupLoad.NO_TAKER) {
                return home;
            }
            NearGroup above = null;
            for (NearGroup group : groups) {
                GroupLoad load = group.load(List.of());
                if (load == GroupLoad.BELOW) {
                    return group;
                }
                above = above == null && load == GroupLoad.ABOVE ? group : above;
            }
            return above;
        }
    }
}
