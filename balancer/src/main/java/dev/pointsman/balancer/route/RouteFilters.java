package dev.pointsman.balancer.route;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a route does with requests and responses beside forwarding them; null for each part that it does not do. In this
 * order: access, cors, rateLimit, auth, redirect, then the request is forwarded. Immutable, thread-safe.
 *
 * @param access who may use it
 * @param cors which pages of other origins may
 * @param rateLimit how often
 * @param auth who has to log in
 * @param redirect where it leads instead of to an instance
 * @param request changes of the request's fields
 * @param response changes of the response's fields
 * @param compress which responses are compressed
 */
public record RouteFilters(
        @Nullable AccessRule access,
        @Nullable CorsRule cors,
        @Nullable RateLimitRule rateLimit,
        @Nullable AuthRule auth,
        @Nullable Redirect redirect,
        HeaderEdits request,
        HeaderEdits response,
        @Nullable CompressRule compress) {
    private static final RouteFilters NONE =
            new RouteFilters(null, null, null, null, null, HeaderEdits.NONE, HeaderEdits.NONE, null);

    /** Whether only some may use it, by who they are or whence they come. */
    boolean isGuard() {
        return access != null || auth != null;
    }

    /** Whether the same requests pass both, by who sends them and whence. */
    public static boolean areGuardedAlike(@Nullable RouteFilters one, @Nullable RouteFilters other) {
        RouteFilters some = one == null ? NONE : one;
        RouteFilters others = other == null ? NONE : other;
        return Objects.equals(some.access, others.access) && Objects.equals(some.auth, others.auth);
    }

    /** These, or null if they do nothing, so that a route without any pays for none. */
    public @Nullable RouteFilters orNull() {
        return doNothing() ? null : this;
    }

    /** By hand, as most routes have none: with the first {@code equals} a start waits until the JVM has generated it. */
    private boolean doNothing() {
        return access == null
                && cors == null
                && rateLimit == null
                && auth == null
                && redirect == null
                && compress == null
                && request.isNone()
                && response.isNone();
    }

    /** Filters of access and redirection alone, as fabio has them; null if there are neither. */
    public static @Nullable RouteFilters of(
            @Nullable AccessRule access, @Nullable AuthRule auth, @Nullable Redirect redirect) {
        return new RouteFilters(access, null, null, auth, redirect, HeaderEdits.NONE, HeaderEdits.NONE, null).orNull();
    }
}
