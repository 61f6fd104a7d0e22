package dev.pointsman.balancer.admin;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/**
 * Whether the balancer should get traffic, and how it is: {@code GET /health/ready}, for machines; the same with
 * {@code ?verbose}, which says why not; {@code GET /api/status}, with every target. docs/admin-api.md describes them.
 */
public final class StatusPages implements AdminPart {
    /** The most targets that the readiness names: it is asked for every second, and read by people. */
    static final int MOST_TARGETS = 100;

    private final BalancerReadiness readiness;
    private final StatusReport report;

    public StatusPages(BalancerReadiness readiness, StatusReport report) {
        this.readiness = readiness;
        this.report = report;
    }

    @Override
    public void mount(Router router) {
        router.get("/health/ready").handler(this::respondReadiness);
        router.get("/api/status").handler(rc -> Replies.respond(rc, 200, report.json(Integer.MAX_VALUE)));
    }

    private void respondReadiness(RoutingContext rc) {
        BalancerReadiness.ReadinessState state = readiness.state();
        int status = state == BalancerReadiness.ReadinessState.READY ? 200 : 503;
        if (isVerbose(rc)) {
            if (wantsJson(rc)) {
                AdminResponse.json(rc, status, report.json(MOST_TARGETS));
            } else {
                AdminResponse.text(rc, status, report.text(MOST_TARGETS));
            }
            return;
        }
        JsonObject body = new JsonObject().put("status", StateView.lowerCase(state));
        if (state == BalancerReadiness.ReadinessState.STARTING) {
            body.put("waitingFor", readiness.missing());
        }
        Replies.respond(rc, status, body);
    }

    private static boolean isVerbose(RoutingContext rc) {
        String verbose = rc.request().getParam("verbose");
        return verbose != null && !verbose.equals("false");
    }

    /** Whether Accept names JSON: this page alone is text where it names nothing, as people ask for it by curl. */
    private static boolean wantsJson(RoutingContext rc) {
        String accept = rc.request().getHeader("accept");
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("json");
    }
}
