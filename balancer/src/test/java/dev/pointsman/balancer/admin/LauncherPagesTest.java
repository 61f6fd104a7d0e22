package dev.pointsman.balancer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.balancer.config.AdminAccess;
import dev.pointsman.balancer.config.Limits;
import dev.pointsman.balancer.config.ListenAddress;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LauncherPagesTest {
    private static final String TOKEN = "a-token-of-the-operator";
    private static final String LOG = "/api/launchers/api/api-1/log";

    private final Vertx vertx = Vertx.vertx();
    private volatile AdminAccess access = AdminAccess.NONE;
    private volatile boolean broken;
    private final AdminServer server = new AdminServer(
            vertx,
            new ListenAddress("127.0.0.1", 0),
            List.of(),
            Limits.DEFAULT,
            new StateView(List::of, new StateChanges(Clock.systemUTC()), Clock.systemUTC()),
            List.of(new LauncherPages(
                    vertx,
                    new OneLauncher(),
                    new WriteGuard(vertx, () -> access, new AuditLog(Clock.systemUTC()), System::nanoTime))));

    private final class OneLauncher implements LauncherAccess {
        @Override
        public List<LauncherFacts> launchers() throws IOException {
            if (broken) {
                throw new IOException("the folder is open to others");
            }
            return List.of(new LauncherFacts(
                    17,
                    "api",
                    true,
                    List.of(new TypeFacts(
                            "api",
                            2,
                            1,
                            List.of(
                                    new ProcessFacts("api-1", 18, 4001, "running", 2, 12.5, 1 << 20, Instant.EPOCH, ""),
                                    new ProcessFacts(
                                            "api-2", 0, 0, "backoff", 3, 0, 0, null, "it exited with code 1"))))));
        }

        @Override
        public List<String> lastLines(String type, String instance, int most) throws NoOutputException {
            if (!instance.equals("api-1")) {
                throw new NoOutputException("\"" + instance + "\" has not printed anything");
            }
            return List.of("one <script>", "the last of " + most);
        }
    }

    @BeforeEach
    void listen() throws Exception {
        finish(server.listen());
    }

    @AfterEach
    void close() throws Exception {
        finish(server.close());
        finish(vertx.close());
    }

    private static void finish(Future<Void> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    }

    private TestHttp http() {
        return new TestHttp("http://127.0.0.1:" + server.port());
    }

    @Test
    void types_and_instances_are_shown_and_what_there_is_not_is_null() {
        JsonNode launcher =
                http().get("/api/launchers").json().path("launchers").path(0);

        assertThat(launcher.path("pid").asInt()).isEqualTo(17);
        JsonNode type = launcher.path("types").path(0);
        assertThat(type.path("wanted").asInt()).isEqualTo(2);
        assertThat(type.path("running").asInt()).isEqualTo(1);
        JsonNode runs = type.path("instances").path(0);
        assertThat(runs.path("restarts").asInt()).isEqualTo(2);
        assertThat(runs.path("cpuPercent").asDouble()).isEqualTo(12.5);
        assertThat(runs.path("memoryBytes").asLong()).isEqualTo(1 << 20);
        assertThat(runs.path("startedAt").asText()).isEqualTo("1970-01-01T00:00:00Z");
        JsonNode waits = type.path("instances").path(1);
        assertThat(waits.path("pid").isNull()).isTrue();
        assertThat(waits.path("why").asText()).isEqualTo("it exited with code 1");
        assertThat(launcher.path("keepsOutput").asBoolean()).isTrue();
        assertThat(waits.path("startedAt").isNull()).isTrue();
    }

    @Test
    void launchers_that_cannot_be_asked_are_an_error_and_are_asked_again() {
        broken = true;
        assertThat(http().get("/api/launchers").status()).isEqualTo(500);

        broken = false;
        assertThat(http().get("/api/launchers").status()).isEqualTo(200);
    }

    @Test
    void the_log_is_plain_text_that_no_browser_takes_for_a_page() {
        Reply log = http().get(LOG + "?lines=7");

        assertThat(log.status()).isEqualTo(200);
        assertThat(log.body()).isEqualTo("one <script>\nthe last of 7\n");
        assertThat(log.header("content-type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(log.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void where_there_is_no_output_one_sentence_says_so() {
        Reply none = http().get("/api/launchers/api/api-9/log");

        assertThat(none.status()).isEqualTo(404);
        assertThat(none.json().path("error").asText()).isEqualTo("\"api-9\" has not printed anything");
        assertThat(http().get(LOG + "?lines=many").status()).isEqualTo(400);
        assertThat(http().get(LOG + "?lines=99999").status()).isEqualTo(400);
    }

    @Test
    void where_there_is_a_token_the_log_is_shown_to_who_has_it() {
        access = new AdminAccess(TOKEN, null, null);

        assertThat(http().get(LOG).status()).isEqualTo(401);
        assertThat(http().send("GET", LOG, null, Map.of("Authorization", "Bearer " + TOKEN))
                        .status())
                .isEqualTo(200);
        assertThat(http().get("/api/launchers").status()).isEqualTo(200);
    }
}
