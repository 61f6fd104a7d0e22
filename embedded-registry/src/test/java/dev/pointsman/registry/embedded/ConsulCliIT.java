package dev.pointsman.registry.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.testkit.NeedsConsul;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real {@code consul} command, talking to the embedded registry. */
@NeedsConsul(NeedsConsul.Source.COMMAND)
class ConsulCliIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private String address = "";

    @BeforeEach
    void start() {
        address = "127.0.0.1:"
                + EmbeddedRegistry.start(
                                vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join()
                        .port();
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Process process(Path output, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("consul"));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("CONSUL_HTTP_ADDR", address);
        builder.environment()
                .keySet()
                .removeIf(name -> name.equals("CONSUL_HTTP_SSL") || name.equals("CONSUL_HTTP_TOKEN"));
        return builder.start();
    }

    /** What the command prints; it must succeed. */
    private String consul(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("consul-cli", ".out");
        try {
            Process process = process(output, List.of(arguments));
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as("consul %s ends", String.join(" ", arguments)).isTrue();
            assertThat(process.exitValue()).as(printed).isZero();
            return printed;
        } finally {
            Files.delete(output);
        }
    }

    @Test
    void services_are_registered_listed_and_deregistered() throws Exception {
        assertThat(consul("services", "register", "-name=web", "-id=web-1", "-port=9000", "-tag=blue", "-meta=a=b"))
                .contains("Registered service: web");

        assertThat(consul("catalog", "services", "-tags").lines().map(line -> line.replaceAll("\\s+", " ")))
                .contains("web blue");
        assertThat(consul("catalog", "nodes", "-service=web", "-detailed")).contains("pointsman", "127.0.0.1", "dc1");
        assertThat(consul("services", "deregister", "-id=web-1")).contains("Deregistered service: web-1");
        assertThat(consul("catalog", "services")).isEqualToIgnoringNewLines("consul");
    }

    @Test
    void the_registry_names_itself_and_its_version() throws Exception {
        assertThat(consul("members")).contains("pointsman", "alive", "server", "dc1");
        assertThat(consul("info")).contains("version = 1.8.7", "revision = pointsman", "leader = true");
        assertThat(consul("catalog", "datacenters")).contains("dc1");
    }

    @Test
    void maintenance_is_entered_shown_and_left() throws Exception {
        consul("services", "register", "-name=web", "-id=web-1", "-port=9000");

        consul("maint", "-enable", "-service=web-1", "-reason=a new disk");
        assertThat(consul("maint")).contains("web-1", "a new disk");
        consul("maint", "-disable", "-service=web-1");
        assertThat(consul("maint")).doesNotContain("web-1");

        consul("maint", "-enable", "-reason=the whole house");
        assertThat(consul("maint")).contains("pointsman", "the whole house");
        consul("maint", "-disable");
        assertThat(consul("maint")).isBlank();
    }

    @Test
    void keys_are_written_read_and_deleted() throws Exception {
        consul("kv", "put", "app/color", "blue");

        assertThat(consul("kv", "get", "app/color")).isEqualToIgnoringNewLines("blue");
        assertThat(consul("kv", "get", "-recurse", "app/")).contains("app/color:blue");
        assertThat(consul("kv", "get", "-keys", "app/")).contains("app/color");
        consul("kv", "delete", "-recurse", "app/");
        assertThat(consul("kv", "get", "-recurse", "app/")).isBlank();
    }

    @Test
    void a_lock_is_held_while_its_command_runs() throws Exception {
        assertThat(consul("lock", "-child-exit-code", "leader", "echo in the lock"))
                .contains("in the lock");
    }

    @Test
    void a_lock_with_several_holders_is_a_semaphore() throws Exception {
        assertThat(consul("lock", "-child-exit-code", "-n=2", "workers", "echo in the lock"))
                .contains("in the lock");
    }

    @Test
    void a_watch_runs_its_handler_at_each_change(@TempDir Path folder) throws Exception {
        Path seen = folder.resolve("seen");
        Path output = folder.resolve("watch.out");
        // One line for each run: the service's instances, as the watch hands them over.
        Process watch = process(
                output,
                List.of("watch", "-type=service", "-service=web", "tr -d '\\n' >> " + seen + "; echo >> " + seen));
        try {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(seen).exists().content().contains("[]"));

            consul("services", "register", "-name=web", "-id=web-1", "-port=9000");
            await().atMost(SOON).untilAsserted(() -> assertThat(seen).content().contains("web-1"));
            consul("services", "deregister", "-id=web-1");
            await().atMost(SOON).untilAsserted(() -> assertThat(lastLine(seen)).isEqualTo("[]"));
        } finally {
            watch.destroyForcibly().waitFor();
        }
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.get(lines.size() - 1);
    }
}
