package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.ConfigAccess.ConfigAnswer;
import dev.pointsman.balancer.admin.InstanceControl.InstanceChange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The paths that take an instance out of service for this balancer alone, and back. docs/admin-api.md describes them. */
public final class InstancePages implements AdminPart {
    private static final Set<String> NAMES = Set.of("node");

    private final InstanceControl control;
    private final WriteGuard guard;

    public InstancePages(InstanceControl control, WriteGuard guard) {
        this.control = control;
        this.guard = guard;
    }

    /** One of the two changes. */
    @FunctionalInterface
    private interface Order {
        Future<InstanceChange> give(String id, @Nullable String node, String who);
    }

    @Override
    public void mount(Router router) {
        router.post("/api/instances/:id/drain")
                .handler(rc -> guard.handle(rc, (asked, body) -> order(asked, control::drain)));
        router.post("/api/instances/:id/readmit")
                .handler(rc -> guard.handle(rc, (asked, body) -> order(asked, control::readmit)));
    }

    private static Future<ConfigAnswer> order(RoutingContext rc, Order order) {
        String unknown = QueryNames.unknown(rc, NAMES);
        if (unknown != null) {
            return Future.failedFuture(new WriteRefusedException(400, unknown));
        }
        return order.give(rc.pathParam("id"), rc.request().getParam("node"), WriteGuard.who(rc))
                .map(change -> new ConfigAnswer(
                        200,
                        new JsonObject()
                                .put("id", change.id())
                                .put("node", change.node())
                                .put("summary", change.summary())));
    }
}
