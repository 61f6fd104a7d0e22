package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Paths that are prefixes of characters, in their case or in any. Costs a binary search, and a step for each shorter prefix
 * of what was found, however many paths there are.
 *
 * <p>Of all texts not behind the path in alphabetical order the last one is looked up. Texts that begin with a prefix stand
 * next to each other, so every prefix of the path is also a prefix of that one: they are its chain of parents.
 */
final class PrefixPaths implements FabioPaths {
    private final boolean anyCase;
    private final String[] prefixes;
    /** Of each prefix the longest other one that it begins with; -1 for none. */
    private final int[] parents;
    /** Of each prefix what is routed by it: several only where they differ in case. */
    private final TableEntry[] entries;

    PrefixPaths(List<TableEntry> given, boolean anyCase) {
        this.anyCase = anyCase;
        TreeMap<String, TableEntry> sorted = new TreeMap<>();
        List<TableEntry> inOrder = new ArrayList<>(given);
        inOrder.sort(ORDER);
        inOrder.forEach(entry -> sorted.putIfAbsent(folded(entry.route().key().path()), entry));
        this.prefixes = sorted.keySet().toArray(String[]::new);
        this.entries = sorted.values().toArray(TableEntry[]::new);
        this.parents = new int[prefixes.length];
        for (int i = 0; i < prefixes.length; i++) {
            int parent = i - 1;
            while (parent >= 0 && !prefixes[i].startsWith(prefixes[parent])) {
                parent = parents[parent];
            }
            parents[i] = parent;
        }
    }

    @Override
    public @Nullable TableEntry find(String path) {
        String wanted = folded(path);
        int at = Arrays.binarySearch(prefixes, wanted);
        int i = at < 0 ? -at - 2 : at;
        while (i >= 0 && !wanted.startsWith(prefixes[i])) {
            i = parents[i];
        }
        if (i < 0) {
            return null;
        }
        return anyCase ? firstOfChain(i) : entries[i];
    }

    /** In any case the longest prefix is not always the first: {@code /foo} is tried before {@code /Foo/bar}. */
    private TableEntry firstOfChain(int longest) {
        TableEntry first = entries[longest];
        for (int i = parents[longest]; i >= 0; i = parents[i]) {
            first = ORDER.compare(entries[i], first) < 0 ? entries[i] : first;
        }
        return first;
    }

    private String folded(String text) {
        return anyCase ? text.toLowerCase(Locale.ROOT) : text;
    }
}
