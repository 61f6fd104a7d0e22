package dev.pointsman.canary;

import dev.pointsman.pool.AttemptMeter;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.MeasuringPicker;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A policy that keeps the users of canaries to the canaries, and the others to the other instances; within each, another policy
 * picks. All of them are of one pool, so that ejection, retries, limits and failing open are what they are without a canary.
 *
 * <p>Where a canary has no instance that can serve, its users go to the other instances, and theirs to the canaries where these
 * are all there is. One that is merely full is waited for: the others' overload must not go to the canary.
 *
 * <p>A pool without a canary has the other policy's own pickers. Thread-safe as policies are; {@link #use} is for any thread.
 */
public final class CanaryPicks implements PickPolicy {
    private final UserKey by;
    private final Supplier<PickPolicy> policies;
    private final PickPolicy forOthers;

    /** The policy within each canary, by version. For the pool's writer alone. */
    private final Map<String, PickPolicy> within = new HashMap<>();

    private volatile @Nullable CanarySet canaries;

    /**
     * A policy for a pool without canaries, so far.
     *
     * @param by tells users apart
     * @param policies makes the policy that picks within each part
     */
    public CanaryPicks(UserKey by, Supplier<PickPolicy> policies) {
        this.by = by;
        this.policies = policies;
        this.forOthers = policies.get();
    }

    /** Takes over which canaries there are, for the pool's next snapshot. */
    void use(@Nullable CanarySet now) {
        canaries = now;
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        CanarySet set = canaries;
        if (set == null) {
            within.clear();
            return forOthers.build(ready, readyInFlight);
        }
        List<Upstream> others = new ArrayList<>();
        Map<CanaryGroup, List<Upstream>> byGroup = new LinkedHashMap<>();
        for (Upstream upstream : ready) {
            CanaryGroup group = set.of(upstream.instance());
            (group == null ? others : byGroup.computeIfAbsent(group, none -> new ArrayList<>())).add(upstream);
        }
        within.keySet().retainAll(set.groups().keySet());
        if (byGroup.isEmpty()) {
            return forOthers.build(ready, readyInFlight);
        }
        List<PickPart> parts = new ArrayList<>();
        byGroup.forEach((group, upstreams) -> parts.add(part(
                group, group.counts(), upstreams, within.computeIfAbsent(group.version(), version -> policies.get()))));
        return new ByPart(by, part(null, set.others(), others, forOthers), parts.toArray(new PickPart[0]));
    }

    private static PickPart part(
            @Nullable CanaryGroup group, AttemptCounts counts, List<Upstream> upstreams, PickPolicy policy) {
        List<Upstream> own = List.copyOf(upstreams);
        return new PickPart(group, counts, own, policy.build(own, () -> inFlight(own)));
    }

    private static int inFlight(List<Upstream> upstreams) {
        int sum = 0;
        for (Upstream upstream : upstreams) {
            sum += upstream.inFlight();
        }
        return sum;
    }

    /** The ready upstreams of one canary, or the others. */
    private record PickPart(
            @Nullable CanaryGroup group, AttemptCounts counts, List<Upstream> upstreams, Picker picker) {
        /** Whether one of them may serve as soon as it has room. */
        boolean isOnlyFull(List<Upstream> tried) {
            for (Upstream upstream : upstreams) {
                if (upstream.availability() == Availability.READY
                        && !upstream.isStalled()
                        && !tried.contains(upstream)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static final class ByPart implements MeasuringPicker {
        private final UserKey by;
        private final PickPart others;
        private final PickPart[] canaries;
        private final IdentityHashMap<Upstream, PickPart> partOf = new IdentityHashMap<>();

        private ByPart(UserKey by, PickPart others, PickPart[] canaries) {
            this.by = by;
            this.others = others;
            this.canaries = canaries;
            for (PickPart part : canaries) {
                addAll(part);
            }
            addAll(others);
        }

        private void addAll(PickPart part) {
            for (Upstream upstream : part.upstreams()) {
                partOf.put(upstream, part);
            }
        }

        @Override
        public @Nullable Upstream pick(List<Upstream> tried, RequestFacts request) {
            PickPart own = partFor(by.bucket(request, UserBuckets.CANARY));
            Upstream picked = own.picker().pick(tried, request);
            if (picked != null || own.isOnlyFull(tried)) {
                return picked;
            }
            return own.group() == null ? ofCanaries(tried, request) : elsewhere(tried, request);
        }

        private PickPart partFor(int bucket) {
            if (bucket != UserBuckets.NONE) {
                for (PickPart part : canaries) {
                    if (part.group() != null && part.group().serves(bucket)) {
                        return part;
                    }
                }
            }
            return others;
        }

        /** A canary's user goes to the others, and to another canary only where there is nothing else. */
        private @Nullable Upstream elsewhere(List<Upstream> tried, RequestFacts request) {
            Upstream picked = others.picker().pick(tried, request);
            return picked != null || others.isOnlyFull(tried) ? picked : ofCanaries(tried, request);
        }

        private @Nullable Upstream ofCanaries(List<Upstream> tried, RequestFacts request) {
            for (PickPart part : canaries) {
                Upstream picked = part.picker().pick(tried, request);
                if (picked != null) {
                    return picked;
                }
            }
            return null;
        }

        @Override
        public @Nullable String token(Upstream picked, RequestFacts request) {
            PickPart part = partOf.get(picked);
            return part == null ? null : part.picker().token(picked, request);
        }

        @Override
        public @Nullable AttemptMeter meterOf(Upstream picked) {
            PickPart part = partOf.get(picked);
            return part == null ? null : part.counts();
        }
    }
}
