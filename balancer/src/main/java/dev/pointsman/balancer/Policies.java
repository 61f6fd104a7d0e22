package dev.pointsman.balancer;

import dev.pointsman.balancer.route.Policy;
import dev.pointsman.pick.HashKey;
import dev.pointsman.pick.LeastInFlight;
import dev.pointsman.pick.PlainRoundRobin;
import dev.pointsman.pick.Rendezvous;
import dev.pointsman.pick.RoundRobinByWeight;
import dev.pointsman.pick.SmoothWeighted;
import dev.pointsman.pick.Sticky;
import dev.pointsman.pick.TwoChoices;
import dev.pointsman.pick.WeightedRandom;
import dev.pointsman.pool.PickPolicy;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/** Makes pick policies from their names, one for each pool. */
final class Policies {
    /**
     * What sticky cookies are made with where nothing else was said. It is no secret: cookies of balancers without one
     * of their own outlive a restart and are understood by all of them, but with node and id of an instance one can
     * make its cookie up, and by that choose the instance.
     */
    private static final String KNOWN_TO_ALL = "pointsman: no secret was set";

    private final byte[] secret;
    private final LongSupplier seeds;

    /**
     * @param stickySecret empty for {@link #KNOWN_TO_ALL}
     * @param seeds where policies that draw begin
     */
    Policies(String stickySecret, LongSupplier seeds) {
        this.secret = (stickySecret.isEmpty() ? KNOWN_TO_ALL : stickySecret).getBytes(StandardCharsets.UTF_8);
        this.seeds = seeds;
    }

    PickPolicy make(Policy policy) {
        return switch (policy.kind()) {
            case ROUND_ROBIN -> new RoundRobinByWeight();
            case PLAIN_ROUND_ROBIN -> new PlainRoundRobin();
            case WEIGHTED -> new SmoothWeighted();
            case LEAST_IN_FLIGHT -> new LeastInFlight();
            case TWO_CHOICES -> new TwoChoices(seeds.getAsLong());
            case RANDOM -> new WeightedRandom(seeds.getAsLong());
            case HASH_ADDRESS -> new Rendezvous(HashKey.clientAddress());
            case HASH_HEADER -> new Rendezvous(HashKey.header(policy.name()));
            case HASH_COOKIE -> new Rendezvous(HashKey.cookie(policy.name()));
            case HASH_QUERY -> new Rendezvous(HashKey.queryParameter(policy.name()));
            case STICKY -> new Sticky(policy.name(), secret, new RoundRobinByWeight());
        };
    }
}
