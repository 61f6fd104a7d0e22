package dev.pointsman.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.launcher.InstanceStatus.State;
import dev.pointsman.launcher.Operations.Result;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's side of docs/drain-protocol.md, with a balancer that answers by script. */
@Timeout(120)
class AcknowledgedDrainIT {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private final Path runtime;

    /** The ids that the balancer picks, and those that it has a request under way at. */
    private final Set<String> takes = ConcurrentHashMap.newKeySet();

    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    AcknowledgedDrainIT(@TempDir Path runtime) {
        this.runtime = runtime;
    }

    @Test
    void an_old_instance_lives_until_the_balancer_uses_the_new_one_and_is_done_with_the_old_one() throws Exception {
        Rules patient = new Rules(
                Duration.ofSeconds(20),
                Duration.ofSeconds(1),
                3,
                0,
                5,
                Duration.ofSeconds(60),
                Duration.ofMillis(50),
                1);
        try (LauncherUnderTest test = new LauncherUnderTest(runtime, Plans.with(Plans.node("api", 1), patient))) {
            registerBalancer(test);
            test.start();
            String old = test.only().id();
            takes.add(old);
            busy.add(old);
            CompletableFuture<Result> reload =
                    test.launcher.reload("api", 0, test.progress::add).toCompletableFuture();

            await().atMost(BOUND).until(() -> asked.size() == 2);
            assertThat(test.passing("api")).hasSize(2).contains(old);

            asked.stream().filter(id -> !id.equals(old)).forEach(takes::add);
            await().atMost(BOUND).until(() -> !test.passing("api").contains(old));
            takes.remove(old);
            await().atMost(BOUND).until(() -> state(test, old) == State.DRAINING);
            assertThat(reload).isNotDone();
            assertThat(test.listed("api")).hasSize(2);

            busy.remove(old);
            assertThat(reload.get(60, TimeUnit.SECONDS).done()).isTrue();
            assertThat(test.listed("api")).hasSize(1);
            assertThat(test.only().id()).isNotEqualTo(old);
            assertThat(test.progress).noneMatch(line -> line.contains("balancer"));
            // So that the end of the launcher is not waited for.
            takes.clear();
        }
    }

    private static State state(LauncherUnderTest test, String id) {
        return test.launcher.list().stream()
                .filter(status -> status.id().equals(id))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private void registerBalancer(LauncherUnderTest test) throws Exception {
        int port = test.vertx
                .createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        JsonObject service = new JsonObject()
                .put("ID", "balancer-1")
                .put("Name", "pointsman-balancer")
                .put("Tags", JsonArray.of("pointsman-balancer"))
                .put("Address", "127.0.0.1")
                .put("Port", port)
                .put("Meta", new JsonObject().put("admin", "127.0.0.1:" + port).put("proto", "1"));
        assertThat(test.consul
                        .put("/v1/agent/service/register", service.encode())
                        .status())
                .isEqualTo(200);
    }

    private void answer(HttpServerRequest request) {
        String id = request.path().substring("/api/instances/".length());
        asked.add(id);
        boolean known = takes.contains(id) || busy.contains(id);
        request.response()
                .end(new JsonObject()
                        .put("id", id)
                        .put("pools", known ? JsonArray.of(new JsonObject()) : new JsonArray())
                        .put("takes", takes.contains(id))
                        .put("inFlight", busy.contains(id) ? 1 : 0)
                        .encode());
    }
}
