package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.ConfigAccess.ConfigAnswer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** {@code POST /api/takeover}: starts the process that is to take the place of this one. docs/upgrades.md describes it. */
public final class TakeoverPage implements AdminPart {
    private final SuccessorAccess successor;
    private final WriteGuard guard;

    public TakeoverPage(SuccessorAccess successor, WriteGuard guard) {
        this.successor = successor;
        this.guard = guard;
    }

    @Override
    public void mount(Router router) {
        router.post("/api/takeover")
                .handler(rc -> guard.handle(rc, (asked, unusedBody) -> successor
                        .start()
                        .map(sentence -> new ConfigAnswer(200, new JsonObject().put("summary", sentence)))));
    }
}
