package dev.pointsman.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.launcher.api.InstanceCounts;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.embedded.EmbeddedRegistry;
import dev.pointsman.testkit.TestHttp;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A launcher with an embedded registry, and what a user would look at. */
final class LauncherUnderTest implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(60);

    final Vertx vertx = Vertx.vertx();
    final EmbeddedRegistry registry;
    final List<String> printed = new CopyOnWriteArrayList<>();
    final List<String> progress = new CopyOnWriteArrayList<>();
    final Launcher launcher;
    final TestHttp consul;

    LauncherUnderTest(Path runtime, ServicePlan... plans) throws Exception {
        registry = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0))
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        consul = new TestHttp("http://127.0.0.1:" + registry.port());
        launcher = new Launcher(
                List.of(plans), address(), null, (type, id, line) -> printed.add(id + " " + line), runtime);
    }

    ConsulAddress address() {
        return ConsulAddress.of("127.0.0.1", registry.port());
    }

    OperationResult start() throws Exception {
        return get(launcher.start());
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
    }

    /** The ids that the registry lists as passing, in order. */
    List<String> passing(String type) {
        List<String> ids = new ArrayList<>();
        for (JsonNode entry :
                consul.get("/v1/health/service/" + type + "?passing=true").json()) {
            ids.add(entry.path("Service").path("ID").asText());
        }
        ids.sort(null);
        return ids;
    }

    /** Everything the registry lists of a type, whatever its health. */
    JsonNode listed(String type) {
        return consul.get("/v1/health/service/" + type).json();
    }

    InstanceStatus only() {
        List<InstanceStatus> list = launcher.list();
        if (list.size() != 1) {
            throw new AssertionError("not one instance: " + list);
        }
        return list.get(0);
    }

    TestHttp http(InstanceStatus instance) {
        return new TestHttp("http://127.0.0.1:" + instance.port());
    }

    InstanceCounts counts(String type) {
        return Objects.requireNonNull(launcher.counts().get(type));
    }

    @Override
    public void close() throws IOException {
        launcher.close();
        vertx.close();
    }
}
