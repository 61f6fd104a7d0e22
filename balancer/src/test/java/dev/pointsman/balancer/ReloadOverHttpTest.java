package dev.pointsman.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.testkit.ScriptedUpstream;
import dev.pointsman.testkit.TestHttp;
import dev.pointsman.testkit.TestHttp.Reply;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is read again because the admin API was asked to. */
class ReloadOverHttpTest {
    private static final String TOKEN = "a-token-of-the-operator";

    @TempDir
    private Path folder = Path.of(".");

    private @Nullable ScriptedUpstream upstream;
    private @Nullable Balancer balancer;

    @BeforeEach
    void start() throws Exception {
        upstream = ScriptedUpstream.standalone((request, wire) -> wire.respond(200, "ok"));
        write("/a");
        ConfigSource source = new ConfigSource(file(), List.of(), Map.of());
        ReadConfig first = source.readOrThrow();
        Balancer created = Balancer.create(first.config(), source);
        created.configuredBy(new LiveConfig(
                source,
                first,
                (next, cause) ->
                        created.reconfigure(next, cause).<Void>mapEmpty().toCompletionStage(),
                Clock.systemUTC()));
        balancer = get(created.begin());
    }

    @AfterEach
    void stop() throws Exception {
        get(Objects.requireNonNull(balancer).stop());
        Objects.requireNonNull(upstream).close();
    }

    private Path file() {
        return folder.resolve("balancer.yaml");
    }

    private void write(String path) throws Exception {
        Files.writeString(file(), """
                host: 127.0.0.1
                port: 0
                admin: 127.0.0.1:0
                consul: http://127.0.0.1:1
                register: false
                tag-routes: false
                grace: 0s
                drain: 200ms
                admin-token: %s
                route:
                  %s: http://127.0.0.1:%d
                """.formatted(
                        TOKEN, path, Objects.requireNonNull(upstream).port()));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Reply reload(Map<String, String> fields) {
        return admin().send("POST", "/api/reload", null, fields);
    }

    private TestHttp admin() {
        return new TestHttp(
                "http://127.0.0.1:" + Objects.requireNonNull(balancer).adminPort());
    }

    private int status(String path) {
        return new TestHttp(
                        "http://127.0.0.1:" + Objects.requireNonNull(balancer).port())
                .get(path)
                .status();
    }

    @Test
    void what_changed_is_in_force_when_the_response_comes() throws Exception {
        for (String path : List.of("/b", "/c", "/d")) {
            write(path);

            Reply reply = reload(Map.of("Authorization", "Bearer " + TOKEN));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().path("result").asText()).isEqualTo("applied");
            assertThat(status(path)).isEqualTo(200);
            assertThat(status("/a")).isEqualTo(404);
        }
        assertThat(admin().get("/api/history").body()).contains("POST /api/reload by 127.0.0.1");
        assertThat(reload(Map.of("Authorization", "Bearer " + TOKEN))
                        .json()
                        .path("result")
                        .asText())
                .isEqualTo("unchanged");
    }

    @Test
    void a_file_with_mistakes_is_refused_with_all_of_them() throws Exception {
        Files.writeString(file(), Files.readString(file()).replace("/a:", "a:").replace("200ms", "soon"));

        Reply reply = reload(Map.of("Authorization", "Bearer " + TOKEN));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().path("refused").path("problems")).hasSize(2);
        assertThat(status("/a")).isEqualTo(200);
    }

    @Test
    void nobody_without_the_token_has_it_read() throws Exception {
        write("/b");

        assertThat(reload(Map.of()).status()).isEqualTo(401);
        assertThat(reload(Map.of("Authorization", "Bearer another-token-16")).status())
                .isIn(401, 403);
        assertThat(status("/a")).isEqualTo(200);
    }
}
