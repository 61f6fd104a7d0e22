package dev.pointsman.balancer.history;

import dev.pointsman.balancer.route.RouteOrigin.RouteSource;
import java.util.Locale;

/**
 * The cause of a change of the routes. Immutable.
 *
 * @param source the place in which something changed
 * @param what made it come here, for people: {@code SIGHUP}, {@code PUT /api/routes}, {@code start}
 * @param who the address that asked for it; empty where nobody did, as for tags
 */
public record ChangeCause(RouteSource source, String what, String who) {
    /** A cause that nobody asked for. */
    public ChangeCause(RouteSource source, String what) {
        this(source, what, "");
    }

    /** The cause in one line. */
    @Override
    public String toString() {
        return source.name().toLowerCase(Locale.ROOT) + ": " + what + (who.isEmpty() ? "" : " by " + who);
    }
}
