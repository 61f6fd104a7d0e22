package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.ConfigAccess;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.live.ReloadOutcome;
import dev.pointsman.balancer.live.ReloadOutcome.ReloadKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/** A live configuration as the admin API asks for it. Thread-safe. */
final class LiveConfigAccess implements ConfigAccess {
    private final Vertx vertx;
    private final LiveConfig live;

    /** @param vertx whose worker threads read the files */
    LiveConfigAccess(Vertx vertx, LiveConfig live) {
        this.vertx = vertx;
        this.live = live;
    }

    @Override
    public JsonObject config() {
        return live.state().json();
    }

    @Override
    public Future<ConfigAnswer> reload(String cause) {
        // A pool of its own: what is waited for there needs the common one.
        return vertx.createSharedWorkerExecutor("config", 1)
                .executeBlocking(() -> live.reload(cause))
                .map(LiveConfigAccess::answer);
    }

    private static ConfigAnswer answer(ReloadOutcome outcome) {
        JsonObject body = outcome.state().json();
        String kind = outcome.kind().name().toLowerCase(Locale.ROOT);
        body.put("result", kind).put("summary", kind);
        if (outcome.kind() != ReloadKind.REFUSED) {
            return new ConfigAnswer(200, body);
        }
        List<String> problems = outcome.state().refused() == null
                ? List.of("refused")
                : outcome.state().refused().problems();
        return new ConfigAnswer(422, body.put("error", problems.get(0)));
    }
}
