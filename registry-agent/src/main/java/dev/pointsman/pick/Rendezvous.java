package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.Upstream;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests with the same key go to the same upstream, through whichever balancer: rendezvous hashing (Thaler and
 * Ravishankar, 1998), by weight. Each upstream scores for the key, the best one wins, so that one that leaves takes only
 * its own keys with it, which spread over all others, and one that joins takes its share from all.
 *
 * <p>An upstream that carries more than twice its share, and more than 16, gives a key to its next best for the moment
 * ({@link Bound}), as it does while it is ejected. Requests without a key are spread by {@link RoundRobin}.
 *
 * <p>Looks at all upstreams in each pick. Thread-safe.
 */
public final class Rendezvous implements PickPolicy {
    private final HashKey key;
    private final RoundRobin keyless = new RoundRobin();

    public Rendezvous(HashKey key) {
        this.key = key;
    }

    @Override
    public Picker build(List<Upstream> ready, IntSupplier readyInFlight) {
        Picker withoutKey = keyless.build(ready, readyInFlight);
        Scores scores = new Scores(ready);
        Bound bound = Bound.keeping(ready, readyInFlight);
        return (tried, request) -> {
            String value = key.of(request);
            return value == null || value.isEmpty()
                    ? withoutKey.pick(tried, request)
                    : scores.pick(Hashing.of(value), bound, tried);
        };
    }

    /** Who scores how much for a key. */
    private static final class Scores {
        private final Upstream[] upstreams;
        private final long[] hashes;
        private final int[] weights;
        private final boolean even;

        private Scores(List<Upstream> ready) {
            upstreams = ready.toArray(new Upstream[0]);
            hashes = ready.stream()
                    .mapToLong(upstream -> Hashing.of(upstream.name()))
                    .toArray();
            weights = ready.stream().mapToInt(Upstream::weightNow).toArray();
            even = ready.stream().mapToInt(Upstream::weightNow).distinct().count() <= 1;
        }

        private @Nullable Upstream pick(long keyHash, Bound bound, List<Upstream> tried) {
            int total = bound.total();
            Upstream best = null;
            double bestScore = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < upstreams.length; i++) {
                double score = score(keyHash, i);
                if (score > bestScore) {
                    Upstream upstream = upstreams[i];
                    // Last, as it is asked only of those that are better than all before: few, however many there are.
                    if (Scan.mayTake(upstream, tried) && bound.allows(upstream.inFlight(), weights[i], total)) {
                        best = upstream;
                        bestScore = score;
                    }
                }
            }
            return best == null ? Scan.lightest(upstreams, tried, (int) keyHash) : best;
        }

        /** In proportion to weights w, the greatest of ln(u) / w wins. Among even ones that is the greatest u. */
        private double score(long keyHash, int i) {
            double uniform = ((Hashing.mix(keyHash ^ hashes[i]) >>> 11) + 0.5) * 0x1p-53;
            return even ? uniform : Math.log(uniform) / weights[i];
        }
    }
}
