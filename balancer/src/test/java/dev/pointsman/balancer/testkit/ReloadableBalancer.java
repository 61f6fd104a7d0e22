package dev.pointsman.balancer.testkit;

import dev.pointsman.balancer.Balancer;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.live.LiveConfig;
import dev.pointsman.balancer.live.ReloadOutcome;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A whole balancer, new for each test, whose configuration is a file that can be read again. It has no registry: its one
 * route goes to an upstream that is always well.
 */
public final class ReloadableBalancer implements BeforeEachCallback, AfterEachCallback {
    private final Supplier<Path> folder;
    private final String path;
    private final String settings;
    private @Nullable ScriptedUpstream upstream;
    private @Nullable LiveConfig live;
    private @Nullable Balancer balancer;

    /**
     * A balancer that starts with each test.
     *
     * @param folder where its file is, asked for at the start
     * @param path the prefix of its route
     * @param settings lines of the file beside the usual ones
     */
    public ReloadableBalancer(Supplier<Path> folder, String path, String settings) {
        this.folder = folder;
        this.path = path;
        this.settings = settings;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        upstream = ScriptedUpstream.standalone((request, wire) -> wire.respond(200, "ok"));
        write(path, settings);
        ReadConfig first = source().readOrThrow();
        Balancer created = Balancer.create(first.config(), source());
        LiveConfig reloads = new LiveConfig(
                source(),
                first,
                (next, cause) ->
                        created.reconfigure(next, cause).<Void>mapEmpty().toCompletionStage(),
                Clock.systemUTC());
        created.configuredBy(reloads);
        live = reloads;
        balancer = finish(created.begin());
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        stop();
        Objects.requireNonNull(upstream).close();
    }

    /** Stops it in order, once. */
    public void stop() throws Exception {
        finish(Objects.requireNonNull(balancer).stop());
    }

    /** Its configuration. */
    public Path file() {
        return folder.get().resolve("balancer.yaml");
    }

    /** Where its configuration is read from, as it would be at a start. */
    public ConfigSource source() {
        return new ConfigSource(file(), List.of(), Map.of());
    }

    /** Writes its file anew, with another prefix and other settings beside the usual ones; nothing reads it yet. */
    public void write(String newPath, String newSettings) throws IOException {
        Files.writeString(
                file(), """
                host: 127.0.0.1
                port: 0
                admin: 127.0.0.1:0
                consul: http://127.0.0.1:1
                register: false
                tag-routes: false
                grace: 0s
                drain: 200ms
                route:
                  %s: http://127.0.0.1:%d
                """.formatted(newPath, Objects.requireNonNull(upstream).port()) + newSettings);
    }

    /** Reads its file again. */
    public ReloadOutcome reload() {
        return Objects.requireNonNull(live).reload("a test");
    }

    /** Opens its logs anew. */
    public void reopenLogs() throws Exception {
        finish(Objects.requireNonNull(balancer).reopenLogs());
    }

    /** A client of it. */
    public TestHttp client() {
        return new TestHttp(
                "http://127.0.0.1:" + Objects.requireNonNull(balancer).port());
    }

    /** The ports of all listeners, in the order in which they were opened. */
    public List<Integer> ports() {
        return Objects.requireNonNull(balancer).ports();
    }

    /** A client of its admin API. */
    public TestHttp admin() {
        return new TestHttp(
                "http://127.0.0.1:" + Objects.requireNonNull(balancer).adminPort());
    }

    private static <T> T finish(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
