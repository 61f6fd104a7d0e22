package dev.pointsman.balancer.route;

import dev.pointsman.balancer.route.HostPattern.HostKind;
import dev.pointsman.balancer.route.RouteLookup.TableEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An index of the routes of connections, by port and name. Immutable, thread-safe. */
final class TcpIndex {
    private final Map<Place, TableEntry> entries = new HashMap<>();

    private record Place(String port, HostKind kind, String name) {}

    TcpIndex(List<TableEntry> routes) {
        for (TableEntry entry : routes) {
            RouteKey key = entry.route().key();
            entries.put(new Place(key.path(), key.host().kind(), key.host().name()), entry);
        }
    }

    @Nullable
    TableEntry find(int port, @Nullable String name, boolean announced) {
        String own = ":" + port;
        if (name != null) {
            TableEntry found = named(own, HostKind.EXACT, name, announced);
            for (int dot = name.indexOf('.'); found == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
                found = named(own, HostKind.WILDCARD, name.substring(dot + 1), announced);
            }
            if (found != null) {
                return found;
            }
        }
        return entries.get(new Place(own, HostKind.ANY, HostPattern.ANY.name()));
    }

    /** One for this port, or for each that passes TLS through. */
    private @Nullable TableEntry named(String port, HostKind kind, String name, boolean announced) {
        TableEntry own = entries.get(new Place(port, kind, name));
        return own == null && announced ? entries.get(new Place(RouteKey.EVERY_PASSTHROUGH, kind, name)) : own;
    }
}
