package dev.pointsman.balancer.explain;

import dev.pointsman.balancer.config.BalancerConfig;
import dev.pointsman.balancer.config.ForwardedFields;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.http.UpstreamProtocol;
import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.PoolSettings;
import dev.pointsman.balancer.route.Route;
import dev.pointsman.balancer.route.RouteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a route does to a request beside choosing where it goes, as a list of names and values. */
public final class RouteEffects {
    private final List<Effect> effects = new ArrayList<>();

    private RouteEffects() {}

    /** One thing that is done. */
    public record Effect(String name, String value) {}

    static List<Effect> of(Route route, AskedRequest request, BalancerConfig config) {
        RouteEffects all = new RouteEffects();
        FilterEffects.of(route.options(), request, all.effects::add);
        if (!route.branches().isEmpty()) {
            all.message(route, request, config);
        }
        all.limits(route.options(), config.limits());
        return List.copyOf(all.effects);
    }

    private void add(String name, String value) {
        effects.add(new Effect(name, value));
    }

    private void message(Route route, AskedRequest request, BalancerConfig config) {
        String sent = request.originForm();
        String forwarded = route.options().path().apply(sent, request.path());
        if (forwarded == null) {
            add("target", "none: what is left of the path leads out of it, and the request gets 400");
        } else {
            add("target", forwarded.equals(sent) ? forwarded + " (as sent)" : forwarded);
        }
        add("host", host(route.options().host(), request));
        UpstreamTransport transport = route.options().pool().transport();
        if (transport.protocol() != UpstreamProtocol.HTTP) {
            add("proto", transport.toString());
        }
        add("added", String.join(", ", added(route, request, config.forwarded())));
    }

    private static String host(String option, AskedRequest request) {
        return switch (option) {
            case RouteOptions.HOST_OF_INSTANCE -> "address and port of the instance";
            case RouteOptions.HOST_AS_SENT ->
                request.host() == null
                        ? "address and port of the instance, as none was sent"
                        : request.host() + " (as sent)";
            default -> option;
        };
    }

    private static List<String> added(Route route, AskedRequest request, ForwardedFields style) {
        List<String> names = new ArrayList<>(List.of("Via", "X-Request-Id"));
        if (style.xForwarded()) {
            names.addAll(List.of("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port"));
        }
        String prefix = route.options().path().strippedFrom(request.path());
        if (prefix != null) {
            names.add("X-Forwarded-Prefix: " + prefix);
        }
        if (style.rfc7239()) {
            names.add("Forwarded");
        }
        return names;
    }

    private void limits(RouteOptions options, Limits limits) {
        Duration response = options.response() == null ? limits.response() : options.response();
        add("response-timeout", time(response));
        if (options.attempt() != null) {
            add("attempt-timeout", time(options.attempt()));
        }
        long body = options.maxBody() == null ? limits.maxBody() : options.maxBody();
        if (body > 0) {
            add("max-body", body + " bytes");
        }
        PoolSettings pool = options.pool();
        if (pool.maxRequests() > 0) {
            add("max-requests", pool.maxRequests() + " at a time");
        }
        if (pool.options().maxInFlight() > 0) {
            add("max-in-flight", pool.options().maxInFlight() + " on each instance");
        }
        if (pool.isLimited()) {
            add("queue", pool.queue() + " may wait, for " + time(pool.queueTimeout()));
        }
    }

    private static String time(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
