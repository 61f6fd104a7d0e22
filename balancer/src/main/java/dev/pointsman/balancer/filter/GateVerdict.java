package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.resilience.FailureKind;
import dev.pointsman.balancer.route.RouteFilters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one filter of a route said of a request. Immutable.
 *
 * @param filter the option by which it is set up: {@code rate-limit}
 * @param passed whether the request went on; if not, the route responded here
 */
public record GateVerdict(String filter, boolean passed) {
    private static final String ACCESS = "access";
    private static final String CORS = "cors";
    private static final String RATE_LIMIT = "rate-limit";
    private static final String AUTH = "auth";
    private static final String REDIRECT = "redirect";

    /**
     * The verdicts of the filters that a request came to, in their order. What they were follows from how it ended, so that
     * no request pays for the notes.
     *
     * @param reply the gate's own; null if the request passed
     */
    static List<GateVerdict> of(RouteFilters filters, @Nullable GateReply reply) {
        String last = reply == null ? "" : lastFilter(reply);
        List<GateVerdict> verdicts = new ArrayList<>();
        boolean open = add(verdicts, filters.access() != null, ACCESS, last)
                && add(verdicts, filters.cors() != null, CORS, last)
                && add(verdicts, filters.rateLimit() != null, RATE_LIMIT, last)
                && add(verdicts, filters.auth() != null, AUTH, last);
        if (open && filters.redirect() != null) {
            verdicts.add(new GateVerdict(REDIRECT, false));
        }
        return verdicts;
    }

    private static boolean add(List<GateVerdict> verdicts, boolean there, String filter, String last) {
        boolean passed = !filter.equals(last);
        if (there) {
            verdicts.add(new GateVerdict(filter, passed));
        }
        return passed;
    }

    private static String lastFilter(GateReply reply) {
        FailureKind failure = reply.failure();
        if (failure == null) {
            return reply.status() == 204 ? CORS : REDIRECT;
        }
        return switch (failure) {
            case FORBIDDEN -> ACCESS;
            case TOO_MANY_REQUESTS -> RATE_LIMIT;
            case UNAUTHORIZED, AUTH_OVERLOAD -> AUTH;
            default -> REDIRECT;
        };
    }
}
