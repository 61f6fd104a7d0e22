package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.canary.CanaryState;
import dev.pointsman.canary.CanaryState.CanaryAbort;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What became of canaries goes to the process that takes the place of this one. */
class RememberedCanariesTest {
    private static final Instant THEN = Instant.parse("2026-11-21T08:00:00Z");

    @Test
    void an_aborted_version_is_aborted_in_the_next_process_too() {
        CanaryState aborted = new CanaryState(0, THEN, 2, THEN, new CanaryAbort(THEN, "6.1 % failed"));
        RememberedCanaries old = new RememberedCanaries(new JsonObject());
        old.propose("web", Map.of("v2", aborted));

        RememberedCanaries fresh =
                new RememberedCanaries(new JsonObject(old.legacy().encode()));

        assertThat(seen(fresh, "web")).containsExactly(Map.of("v2", aborted));
        assertThat(seen(fresh, "other")).containsExactly(Map.of());
    }

    private static List<Map<String, CanaryState>> seen(RememberedCanaries canaries, String target) {
        List<Map<String, CanaryState>> seen = new ArrayList<>();
        canaries.follow(target, seen::add).close();
        return seen;
    }
}
