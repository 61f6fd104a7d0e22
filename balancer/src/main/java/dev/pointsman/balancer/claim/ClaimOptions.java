package dev.pointsman.balancer.claim;

import dev.pointsman.balancer.config.RouteDefaults;
import dev.pointsman.balancer.fabio.FabioMatcher;
import dev.pointsman.balancer.route.AnnouncedPorts;
import dev.pointsman.balancer.route.AuthRule;
import java.util.Map;

/**
 * How announcements are read. Immutable, thread-safe.
 *
 * @param fabioTags whether tags in fabio's language count, and its documents in the KV; not by default
 * @param fabioPrefix what such tags begin with
 * @param fabioMatcher how fabio's paths are read
 * @param datacenter what {@code $DC} stands for in fabio's tags
 * @param fence what may be announced
 * @param protectedRoutes what may be announced only where the fence names it
 * @param defaults what counts where an announcement says nothing else
 * @param fabioAuth the users that {@code auth=NAME} in fabio's language stands for, by that name
 * @param tcpPorts for whose connections routes may be announced
 */
public record ClaimOptions(
        boolean fabioTags,
        String fabioPrefix,
        FabioMatcher fabioMatcher,
        String datacenter,
        TagFence fence,
        ProtectedRoutes protectedRoutes,
        RouteDefaults defaults,
        Map<String, AuthRule> fabioAuth,
        AnnouncedPorts tcpPorts) {
    public ClaimOptions {
        fabioAuth = Map.copyOf(fabioAuth);
    }

    /** What fabio's tags begin with where nothing else is said. */
    public static final String FABIO_PREFIX = "urlprefix-";
}
