package dev.pointsman.registry.contract;

import dev.pointsman.registry.embedded.EmbeddedRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract, held against the embedded registry. */
class EmbeddedRegistryContractTest extends RegistryContract {
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(50);
    /** A change wakes or does not wake before its own response is sent, so there is no need for a longer one. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(200);

    private static @Nullable Vertx vertx;
    private static RegistryDriver registry;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        EmbeddedRegistry embedded = EmbeddedRegistry.start(
                        vertx, EmbeddedRegistry.Options.defaults().withPort(0).withMinCheckInterval(CHECK_INTERVAL))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        registry = new RegistryDriver("http://127.0.0.1:" + embedded.port(), SHORT_WAIT, CHECK_INTERVAL);
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Override
    public RegistryDriver registry() {
        return registry;
    }
}
