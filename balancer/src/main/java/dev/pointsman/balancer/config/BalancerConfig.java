package dev.pointsman.balancer.config;

import dev.pointsman.balancer.http.UnderscoreFields;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.registry.consul.ConsulAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a balancer, read and checked. {@link BalancerSettings} and docs/configuration.md have every setting with its meaning, unit and default.
 *
 * @param listeners where clients are served, at least one
 * @param tls how TLS is spoken with them
 * @param admin where the admin API is
 * @param hostNames names by which the admin API and the embedded registry may be called, besides addresses and
 *     localhost
 * @param dev whether to run the embedded registry in this process, at the registry's address
 * @param consul the registry
 * @param register whether the balancer registers, so that launchers that replace instances find it
 * @param viewFile the file in which services are cached for the next start, or null, the default, for none
 * @param retain for how long at the most an instance is retained that a doubtful response of the registry does not list
 * @param routes which requests go where
 * @param hasRoutes whether they were given, and are not those of a first try
 * @param limits times and sizes
 * @param forwarded the header fields that tell instances where a request came from
 * @param underscoreFields what becomes of fields of requests whose names have an underscore
 * @param http2 whether clients may speak HTTP/2
 * @param trustedProxies peers whose X-Forwarded-* fields are believed
 * @param stickySecret the secret of the cookies of sticky sessions; empty for the default, which every balancer has
 * @param adminAccess who may change anything by the admin API
 * @param explainSecret what a request shows to be explained in its response; null, the default, for none
 * @param announcements how routes come from the registry
 * @param routeDocuments the reader of routes that come while the balancer runs, by the settings for all routes
 * @param observation what one sees of what it does
 * @param upstreamTls what connections to instances are secured by, where they are
 */
public record BalancerConfig(
        List<Listener> listeners,
        TlsConfig tls,
        ListenAddress admin,
        List<String> hostNames,
        boolean dev,
        ConsulAddress consul,
        boolean register,
        @Nullable Path viewFile,
        Duration retain,
        List<Route> routes,
        boolean hasRoutes,
        Limits limits,
        ForwardedFields forwarded,
        UnderscoreFields underscoreFields,
        boolean http2,
        TrustedProxies trustedProxies,
        String stickySecret,
        AdminAccess adminAccess,
        @Nullable ExplainSecret explainSecret,
        RouteDocuments routeDocuments,
        Announcements announcements,
        ObservationConfig observation,
        UpstreamTls upstreamTls) {
    public BalancerConfig {
        listeners = List.copyOf(listeners);
        hostNames = List.copyOf(hostNames);
        routes = List.copyOf(routes);
    }

    /** Where clients are served; of several ports the first. */
    public ListenAddress listen() {
        return listeners.get(0).address();
    }
}
