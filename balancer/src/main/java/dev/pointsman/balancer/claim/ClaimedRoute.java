package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.ClaimTarget;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteKey;
import dev.pointsman.balancer.route.RouteOptions;
import dev.pointsman.balancer.route.RouteOrigin;
import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A route as it is put together from announcements. Not thread-safe. */
final class ClaimedRoute {
    /** What is said of a redirection beside instances. */
    static final String IGNORED_REDIRECT =
            "the redirection has no effect, as other instances serve the route (expected: that all of them redirect)";

    private static final String META_WEIGHT = "weight";
    private static final int HIGHEST_WEIGHT = 65_535;

    private final RouteKey key;
    private final Map<ClaimTarget, Variant> variants =
            new TreeMap<>((one, other) -> one.name().compareTo(other.name()));
    private final TreeSet<String> services = new TreeSet<>();
    private final List<Runnable> ignored = new ArrayList<>();
    private @Nullable RouteOptions redirect;
    private boolean isByTags;

    /** The instances that announce the route with the same options. */
    private static final class Variant {
        private final RouteOptions options;
        private final Map<InstanceKey, Share> shares = new TreeMap<>();

        Variant(RouteOptions options) {
            this.options = options;
        }

        /** The weights of those that take traffic, or of all if none does. */
        long weight(boolean ofAll) {
            return shares.values().stream()
                    .filter(share -> ofAll || share.isLive())
                    .mapToLong(Share::weight)
                    .sum();
        }
    }

    /** The ways to say what an instance gets. */
    private enum ShareKind {
        /** The registry's weight. */
        REGISTRY,
        /** A weight in a tag. */
        OWN,
        /** A part of all requests: of several with a common divisor less is said by less. */
        PART
    }

    /**
     * What an instance gets.
     *
     * @param weight in proportion to the others
     * @param kind where the weight is from
     */
    private record Share(Instance instance, int weight, ShareKind kind) {
        boolean isLive() {
            return instance.weight() > 0;
        }

        Share plus(Share other) {
            return new Share(instance, weight + other.weight, kind);
        }

        Share dividedBy(int divisor) {
            return new Share(instance, weight / divisor, kind);
        }

        /** The instance as its pool is to see it. A weight in its metadata would count more than the registry's. */
        Instance weighed() {
            if (kind == ShareKind.REGISTRY) {
                return instance;
            }
            Map<String, String> meta = new HashMap<>(instance.meta());
            meta.remove(META_WEIGHT);
            int inWarning = instance.weights().warning() == 0 ? 0 : weight;
            return new Instance(
                    instance.key(),
                    instance.service(),
                    instance.address(),
                    instance.port(),
                    instance.tags(),
                    meta,
                    new Weights(weight, inWarning),
                    instance.health(),
                    instance.healthReason());
        }
    }

    ClaimedRoute(RouteKey key) {
        this.key = key;
    }

    /** Notes who announces it. */
    void announcedBy(String service, RouteSource source) {
        services.add(service);
        isByTags |= source == RouteSource.TAGS;
    }

    /** Adds an instance with the weight that the registry gives it. Announced twice with the same options it counts once. */
    void add(ClaimTarget target, RouteOptions options, Instance instance) {
        variant(target, options)
                .shares
                .putIfAbsent(instance.key(), new Share(instance, effectiveWeight(instance), ShareKind.REGISTRY));
    }

    /** Adds an instance with a weight of its own. */
    void add(ClaimTarget target, RouteOptions options, Instance instance, int weight) {
        variant(target, options).shares.put(instance.key(), new Share(instance, weight, ShareKind.OWN));
    }

    /** Adds a part to what an instance has. */
    void addPart(ClaimTarget target, RouteOptions options, Instance instance, int weight) {
        variant(target, options).shares.merge(instance.key(), new Share(instance, weight, ShareKind.PART), Share::plus);
    }

    private Variant variant(ClaimTarget target, RouteOptions options) {
        return variants.computeIfAbsent(target, name -> new Variant(options));
    }

    /** The weight that a pool would give it in good health. */
    private static int effectiveWeight(Instance instance) {
        String own = instance.meta().get(META_WEIGHT);
        int byRegistry =
                instance.weight() > 0 ? instance.weight() : instance.weights().passing();
        boolean isNumber = own != null && own.matches("\\d{1,5}");
        int weight = own != null && isNumber ? Integer.parseInt(own) : byRegistry;
        return weight > HIGHEST_WEIGHT ? byRegistry : weight;
    }

    /**
     * Adds a redirection, which takes effect if no instance serves the route.
     *
     * @param ifIgnored called if some do
     */
    void redirect(RouteOptions options, Runnable ifIgnored) {
        redirect = redirect == null ? options : redirect;
        ignored.add(ifIgnored);
    }

    /**
     * The route.
     *
     * @param feed takes the instances of each target
     */
    Route build(BiConsumer<ClaimTarget, List<Instance>> feed) {
        if (redirect != null && variants.isEmpty()) {
            return new Route(key, List.of(), redirect, origin());
        }
        ignored.forEach(Runnable::run);
        boolean ofAll = variants.values().stream().allMatch(variant -> variant.weight(false) == 0);
        long divisor = variants.values().stream()
                .mapToLong(variant -> variant.weight(ofAll))
                .reduce(0, ClaimedRoute::greatestCommonDivisor);
        List<Branch> branches = new ArrayList<>(variants.size());
        variants.forEach((target, variant) -> {
            long weight = divisor == 0 ? 0 : variant.weight(ofAll) / divisor;
            branches.add(new Branch(target, (int) Math.min(weight, Integer.MAX_VALUE), variant.options));
            feed.accept(target, instances(variant));
        });
        RouteOptions options = branches.stream()
                .max((one, other) -> Integer.compare(one.weight(), other.weight()))
                .map(Branch::options)
                .orElse(RouteOptions.DEFAULT);
        return new Route(key, branches, options, origin());
    }

    private static List<Instance> instances(Variant variant) {
        boolean parts = variant.shares.values().stream().allMatch(share -> share.kind() == ShareKind.PART);
        long divisor = variant.shares.values().stream()
                .mapToLong(Share::weight)
                .reduce(0, ClaimedRoute::greatestCommonDivisor);
        int by = parts && divisor > 1 ? (int) divisor : 1;
        return variant.shares.values().stream()
                .map(share -> share.dividedBy(by).weighed())
                .toList();
    }

    private RouteOrigin origin() {
        RouteSource source = isByTags ? RouteSource.TAGS : RouteSource.KV;
        return new RouteOrigin(source, (isByTags ? "tags of " : "KV, for ") + String.join(", ", services));
    }

    private static long greatestCommonDivisor(long one, long other) {
        return other == 0 ? one : greatestCommonDivisor(other, one % other);
    }
}
