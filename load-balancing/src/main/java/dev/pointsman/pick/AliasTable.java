package dev.pointsman.pick;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A table to draw from in proportion to weights, at a cost that does not grow with their number: the alias method (Walker,
 * 1977), laid out as Vose did (1991). Each column is shared by its own number and one other. Immutable.
 */
final class AliasTable {
    private static final double ONE = 0x1p32;

    private final int[] alias;
    /** The part of each column that belongs to its own number, in parts of 2³². */
    private final long[] own;

    /** A table of the given weights, all above 0. */
    AliasTable(int[] weights) {
        int count = weights.length;
        alias = new int[count];
        own = new long[count];
        double sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        double[] columns = new double[count];
        Deque<Integer> small = new ArrayDeque<>();
        Deque<Integer> large = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            columns[i] = weights[i] * count / sum;
            (columns[i] < 1 ? small : large).push(i);
        }
        while (!small.isEmpty() && !large.isEmpty()) {
            int lacking = small.pop();
            int giving = large.pop();
            own[lacking] = (long) (columns[lacking] * ONE);
            alias[lacking] = giving;
            columns[giving] -= 1 - columns[lacking];
            (columns[giving] < 1 ? small : large).push(giving);
        }
        // What is left is 1, but for rounding.
        small.forEach(this::fill);
        large.forEach(this::fill);
    }

    private void fill(int column) {
        own[column] = (long) ONE;
        alias[column] = column;
    }

    /** The number that 64 random bits stand for. */
    int draw(long bits) {
        int column = SharedRandom.ofUpper(bits, own.length);
        return (bits & 0xFFFFFFFFL) < own[column] ? column : alias[column];
    }
}
