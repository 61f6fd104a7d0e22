package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.ConfigAccess.ConfigAnswer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiPredicate;

/** The part of the admin API that gives canaries which were aborted another chance. */
public final class CanaryPages implements AdminPart {
    private final BiPredicate<String, String> readmit;
    private final WriteGuard guard;

    /**
     * The pages of one balancer.
     *
     * @param readmit readmits a version of a target; false if it was not aborted
     * @param guard who may do so
     */
    public CanaryPages(BiPredicate<String, String> readmit, WriteGuard guard) {
        this.readmit = readmit;
        this.guard = guard;
    }

    @Override
    public void mount(Router router) {
        router.post("/api/canaries/:target/:version/readmit").handler(rc -> guard.handle(rc, this::readmit));
    }

    private Future<ConfigAnswer> readmit(RoutingContext rc, Buffer body) {
        String target = rc.pathParam("target");
        String version = rc.pathParam("version");
        JsonObject answer = new JsonObject().put("target", target).put("version", version);
        if (!readmit.test(target, version)) {
            return Future.succeededFuture(new ConfigAnswer(
                    404, answer.put("error", "no aborted canary of that target has this version (see /api/services)")));
        }
        return Future.succeededFuture(new ConfigAnswer(
                200, answer.put("summary", "version " + version + " of " + target + " is readmitted")));
    }
}
