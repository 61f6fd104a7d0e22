package dev.pointsman.pick;

import dev.pointsman.pool.Upstream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The order of turns of weighted round robin, as nginx's smooth weighted round robin would give them one by one: in each
 * step all gain their weight, and the upstream with the most takes the turn and pays the sum of all weights.
 *
 * <p>Upstreams of the same weight take turns as one of their weights' sum, and in that one after the other. That is
 * smoother still, and makes the work proportional to the number of different weights rather than of upstreams.
 */
final class SmoothOrder {
    /** More turns than these express weights more finely than can be noticed. */
    private static final int FINENESS = 8192;

    private static final int FINENESS_EACH = 16;

    private SmoothOrder() {}

    /** Upstreams that share a weight. */
    private static final class Rank {
        private final int weight;
        private final List<Upstream> members = new ArrayList<>();
        private long credit;
        private int next;

        private Rank(int weight) {
            this.weight = weight;
        }

        private long gain() {
            return (long) weight * members.size();
        }

        private Upstream turn(long price) {
            credit -= price;
            Upstream taken = members.get(next);
            next = (next + 1) % members.size();
            return taken;
        }
    }

    /**
     * One round of turns. Each upstream has at least one, and as many as its weight says, relative to the others; with
     * more than 8,192 turns (or 16 an upstream) the weights are rounded to fit.
     */
    static Upstream[] of(List<Upstream> upstreams) {
        int[] weights = reduced(upstreams);
        Map<Integer, Rank> ranks = new TreeMap<>(Comparator.reverseOrder());
        for (int i = 0; i < weights.length; i++) {
            ranks.computeIfAbsent(weights[i], Rank::new).members.add(upstreams.get(i));
        }
        long round = ranks.values().stream().mapToLong(Rank::gain).sum();
        Upstream[] turns = new Upstream[Math.toIntExact(round)];
        for (int i = 0; i < turns.length; i++) {
            turns[i] = richest(ranks.values()).turn(round);
        }
        return turns;
    }

    private static Rank richest(Iterable<Rank> ranks) {
        Rank richest = null;
        for (Rank rank : ranks) {
            rank.credit += rank.gain();
            if (richest == null || rank.credit > richest.credit) {
                richest = rank;
            }
        }
        if (richest == null) {
            throw new IllegalArgumentException("no turns without upstreams");
        }
        return richest;
    }

    private static int[] reduced(List<Upstream> upstreams) {
        int[] weights = upstreams.stream().mapToInt(Upstream::weightNow).toArray();
        BigInteger common = BigInteger.ZERO;
        long sum = 0;
        for (int weight : weights) {
            common = common.gcd(BigInteger.valueOf(weight));
            sum += weight;
        }
        long divisor = Math.max(1, common.longValue());
        double finest = Math.max(FINENESS, (double) FINENESS_EACH * weights.length);
        double shrink = Math.min(1, finest / ((double) sum / divisor));
        for (int i = 0; i < weights.length; i++) {
            long exact = weights[i] / divisor;
            weights[i] = (int) Math.max(1, Math.round(exact * shrink));
        }
        return weights;
    }
}
