package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.route.RouteKey.PathMatching;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The paths of one host. fabio tries them in the descending order of their bytes, and takes the first that matches. */
interface FabioPaths {
    /** The order in which paths are tried. */
    Comparator<TableEntry> ORDER = (one, other) -> Arrays.compareUnsigned(bytes(other), bytes(one));

    /** The entry that takes a path, see {@link DecodedPath}; null if none does. */
    @Nullable
    TableEntry find(String path);

    /** The paths of some routes, in the way in which they are to be read. */
    static FabioPaths of(List<TableEntry> entries, PathMatching matching) {
        return switch (matching) {
            case PREFIX -> new PrefixPaths(entries, false);
            case PREFIX_ANY_CASE -> new PrefixPaths(entries, true);
            case GLOB -> new GlobPaths(entries);
            case SEGMENTS, TCP -> throw new IllegalArgumentException(matching + " is not of fabio's language");
        };
    }

    private static byte[] bytes(TableEntry entry) {
        return entry.route().key().path().getBytes(StandardCharsets.UTF_8);
    }
}
