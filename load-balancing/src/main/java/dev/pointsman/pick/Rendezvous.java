package dev.pointsman.pick;

import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Picker;
import dev.pointsman.pool.RequestFacts;
import dev.pointsman.pool.Upstream;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rendezvous hashing (Thaler and Ravishankar, 1998), by weight: requests with the same key go to the same upstream, through
 * any balancer. Each upstream has a score for the key and the highest score wins, so that an upstream that leaves moves only
 * its own keys, which spread over all others, and a new upstream takes its share from all.
 *
 * <p>An upstream that carries more than twice its share, and more than 16, gives a key to its next best for the moment
 * ({@link LoadBound}), as it does while it is ejected. Requests without a key are spread by {@link RoundRobin}.
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
        LoadBound bound = LoadBound.keeping(ready, readyInFlight);
        return new ByKey(withoutKey, scores, bound);
    }

    private final class ByKey implements Picker {
        private final Picker withoutKey;
        private final Scores scores;
        private final LoadBound bound;

        private ByKey(Picker withoutKey, Scores scores, LoadBound bound) {
            this.withoutKey = withoutKey;
            this.scores = scores;
            this.bound = bound;
        }

        @Override
        public @Nullable Upstream pick(List<Upstream> tried, RequestFacts request) {
            String value = key.of(request);
            return value == null || value.isEmpty()
                    ? withoutKey.pick(tried, request)
                    : scores.pick(Hashing.of(value), bound, tried);
        }

        @Override
        public @Nullable Upstream peek(RequestFacts request) {
            String value = key.of(request);
            // Without a key it would be whose turn it is; with one, to pick changes nothing.
            return value == null || value.isEmpty() ? withoutKey.peek(request) : pick(List.of(), request);
        }
    }

    /**
     * The scores of upstreams for a key. In proportion to weights w, the greatest of ln(u) / w wins, u being a number from 0
     * to 1 that the hash gives. Among those of one weight that is the greatest u, so that a logarithm is taken once for
     * each different weight only.
     */
    private static final class Scores {
        private static final int NONE = -1;

        /** Sorted by weight. */
        private final Upstream[] upstreams;

        private final long[] hashes;
        private final int[] weights;

        private Scores(List<Upstream> ready) {
            List<Upstream> byWeight = ready.stream()
                    .sorted(Comparator.comparingInt(Upstream::weightNow))
                    .toList();
            upstreams = byWeight.toArray(new Upstream[0]);
            weights = byWeight.stream().mapToInt(Upstream::weightNow).toArray();
            hashes = byWeight.stream()
                    .mapToLong(upstream -> Hashing.of(upstream.name()))
                    .toArray();
        }

        private @Nullable Upstream pick(long keyHash, LoadBound bound, List<Upstream> tried) {
            Upstream best = null;
            double bestScore = Double.NEGATIVE_INFINITY;
            int from = 0;
            while (from < upstreams.length) {
                int to = endOfWeight(from);
                int winner = highest(keyHash, from, to, bound, tried);
                if (winner != NONE) {
                    double score = Math.log((drawn(keyHash, winner) + 0.5) * 0x1p-53) / weights[winner];
                    if (best == null || score > bestScore) {
                        best = upstreams[winner];
                        bestScore = score;
                    }
                }
                from = to;
            }
            return best == null ? LeastLoaded.of(upstreams, tried, (int) keyHash) : best;
        }

        private int endOfWeight(int from) {
            int to = from;
            while (to < weights.length && weights[to] == weights[from]) {
                to++;
            }
            return to;
        }

        private int highest(long keyHash, int from, int to, LoadBound bound, List<Upstream> tried) {
            int winner = NONE;
            long highest = -1;
            for (int i = from; i < to; i++) {
                long drawn = drawn(keyHash, i);
                // Asked only of those that are better than all before: few, however many there are.
                if (drawn > highest && bound.allows(upstreams[i]) && upstreams[i].isCandidate(tried)) {
                    highest = drawn;
                    winner = i;
                }
            }
            return winner;
        }

        /** The random number of a key and an upstream, from 0 to 2⁵³ - 1. */
        private long drawn(long keyHash, int i) {
            return Hashing.mix(keyHash ^ hashes[i]) >>> 11;
        }
    }
}
