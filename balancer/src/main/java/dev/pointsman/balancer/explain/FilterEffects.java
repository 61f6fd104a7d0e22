package dev.pointsman.balancer.explain;

import dev.pointsman.balancer.explain.RouteEffects.Effect;
import dev.pointsman.balancer.route.AccessRule;
import dev.pointsman.balancer.route.AuthRule;
import dev.pointsman.balancer.route.CompressRule;
import dev.pointsman.balancer.route.CorsRule;
import dev.pointsman.balancer.route.HeaderEdits;
import dev.pointsman.balancer.route.PathRewrite;
import dev.pointsman.balancer.route.RateLimitRule;
import dev.pointsman.balancer.route.Redirect;
import dev.pointsman.balancer.route.RouteFilters;
import dev.pointsman.balancer.route.RouteOptions;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the filters of a route do, in the order in which they do it. */
final class FilterEffects {
    private final Consumer<Effect> effects;

    private FilterEffects(Consumer<Effect> effects) {
        this.effects = effects;
    }

    static void of(RouteOptions options, AskedRequest request, Consumer<Effect> effects) {
        RouteFilters filters = options.filters();
        if (filters != null) {
            new FilterEffects(effects).of(filters, options.path(), request);
        }
    }

    private void of(RouteFilters filters, PathRewrite path, AskedRequest request) {
        access(filters.access());
        CorsRule cors = filters.cors();
        if (cors != null) {
            add("cors", "pages of " + String.join(", ", cors.origins()));
        }
        RateLimitRule limit = filters.rateLimit();
        if (limit != null) {
            add("rate-limit", limit.rate() + ", " + limit.burst() + " at once, by " + limit.by());
        }
        AuthRule auth = filters.auth();
        if (auth != null) {
            add("auth", "users of " + auth.file());
        }
        redirect(filters.redirect(), path, request);
        edits("request-headers", filters.request());
        edits("response-headers", filters.response());
        CompressRule compress = filters.compress();
        if (compress != null) {
            add("compress", String.join(", ", compress.types()) + " from " + compress.minSize() + " bytes on");
        }
    }

    private void add(String name, String value) {
        effects.accept(new Effect(name, value));
    }

    private void access(@Nullable AccessRule access) {
        if (access == null) {
            return;
        }
        if (!access.allow().isEmpty()) {
            add("allow", joined(access.allow()));
        }
        if (!access.deny().isEmpty()) {
            add("deny", joined(access.deny()));
        }
    }

    private static String joined(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private void redirect(@Nullable Redirect redirect, PathRewrite path, AskedRequest request) {
        if (redirect == null) {
            return;
        }
        String host = request.host() == null ? "" : request.host();
        String location = redirect.location(host, request.originForm(), request.path(), path);
        add("redirect", redirect.status() + " to " + (location == null ? "nowhere: the request gets 400" : location));
    }

    private void edits(String name, HeaderEdits edits) {
        if (edits.isNone()) {
            return;
        }
        StringBuilder text = new StringBuilder();
        edits.remove().forEach(each -> text.append(", remove ").append(each));
        edits.set().forEach(each -> text.append(", set ")
                .append(each.name())
                .append(": ")
                .append(each.value().text()));
        edits.add().forEach(each -> text.append(", add ")
                .append(each.name())
                .append(": ")
                .append(each.value().text()));
        add(name, text.substring(2));
    }
}
