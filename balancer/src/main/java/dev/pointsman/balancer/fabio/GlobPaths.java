package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Paths that are patterns. Those without a special character are looked up; the others are tried one after the other. */
final class GlobPaths implements FabioPaths {
    private final Map<String, TableEntry> literals = new HashMap<>();
    private final List<GlobPath> globs = new ArrayList<>();

    /** A route by its pattern. */
    private record GlobPath(Glob glob, TableEntry entry) {}

    GlobPaths(List<TableEntry> entries) {
        List<TableEntry> inOrder = new ArrayList<>(entries);
        inOrder.sort(ORDER);
        for (TableEntry entry : inOrder) {
            String path = entry.route().key().path();
            if (Glob.isLiteral(path)) {
                literals.put(path, entry);
            } else {
                globs.add(new GlobPath(Glob.checked(path), entry));
            }
        }
    }

    @Override
    public @Nullable TableEntry find(String path) {
        TableEntry literal = literals.get(path);
        for (GlobPath each : globs) {
            if (literal != null && ORDER.compare(literal, each.entry()) < 0) {
                return literal;
            }
            if (each.glob().matches(path)) {
                return each.entry();
            }
        }
        return literal;
    }
}
