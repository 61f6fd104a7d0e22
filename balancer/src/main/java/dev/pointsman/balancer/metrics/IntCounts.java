package dev.pointsman.balancer.metrics;

import java.util.Arrays;
import java.util.function.BiConsumer;

/** Counts by a small number of numbers, such as status codes; one thread writes them, any thread reads them. */
final class IntCounts {
    private static final Table NONE = new Table(new int[0], new long[0]);

    private volatile Table table = NONE;

    /** Replaced when there is one number more; nothing but its counts changes. */
    private static final class Table {
        private final int[] keys;
        private final long[] counts;

        Table(int[] keys, long[] counts) {
            this.keys = keys;
            this.counts = counts;
        }
    }

    /** Counts so many of this number; for its one writer. */
    void add(int key, long more) {
        Table now = table;
        int[] keys = now.keys;
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] == key) {
                Cells.add(now.counts, i, more);
                return;
            }
        }
        Table larger = new Table(Arrays.copyOf(keys, keys.length + 1), Arrays.copyOf(now.counts, keys.length + 1));
        larger.keys[keys.length] = key;
        larger.counts[keys.length] = more;
        table = larger;
    }

    /** Calls back with each number that was counted, and its count. */
    void forEach(BiConsumer<Integer, Long> each) {
        Table now = table;
        for (int i = 0; i < now.keys.length; i++) {
            each.accept(now.keys[i], Cells.read(now.counts, i));
        }
    }
}
