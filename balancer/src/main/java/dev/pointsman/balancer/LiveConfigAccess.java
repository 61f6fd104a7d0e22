package dev.pointsman.balancer;

import dev.pointsman.balancer.admin.ConfigAccess;
import dev.pointsman.balancer.config.SecretFingerprints;
import dev.pointsman.balancer.live.ConfigState;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.live.ReloadOutcome;
import dev.pointsman.balancer.live.ReloadOutcome.ReloadKind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A live configuration as the admin API asks for it. Thread-safe. */
final class LiveConfigAccess implements ConfigAccess {
    private final WorkerExecutor readers;
    private final LiveConfig live;
    private volatile @Nullable KnownFingerprints known;

    /** The fingerprints of a version of the configuration, which take a while to compute. */
    private record KnownFingerprints(long version, SecretFingerprints fingerprints) {}

    /** @param vertx whose worker threads read the files */
    LiveConfigAccess(Vertx vertx, LiveConfig live) {
        // A pool of its own, as what is waited for there needs the common one; held, as one that nobody holds is
        // closed.
        this.readers = vertx.createSharedWorkerExecutor("config", 1);
        this.live = live;
    }

    @Override
    public Future<JsonObject> config() {
        return readers.executeBlocking(
                () -> {
                    ConfigState state = live.state();
                    SecretFingerprints secrets = fingerprints(state);
                    return state.json()
                            .put(
                                    "fingerprints",
                                    new JsonObject()
                                            .put("stickySecret", secrets.sticky())
                                            .put("explainSecret", secrets.explain()));
                },
                false);
    }

    private SecretFingerprints fingerprints(ConfigState state) {
        KnownFingerprints last = known;
        if (last == null || last.version() != state.version()) {
            last = new KnownFingerprints(
                    state.version(), SecretFingerprints.of(state.running().config()));
            known = last;
        }
        return last.fingerprints();
    }

    @Override
    public Future<ConfigAnswer> reload(String cause) {
        // Not in the order of the context, in which what is waited for there would come behind it, in whatever pool.
        return readers.executeBlocking(() -> answer(live.reload(cause)), false);
    }

    private static ConfigAnswer answer(ReloadOutcome outcome) {
        JsonObject body = outcome.state().withoutSettings();
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
