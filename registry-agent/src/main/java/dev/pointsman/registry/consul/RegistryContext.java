package dev.pointsman.registry.consul;

import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.RegistryException.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one Vert.x context that everything of a registry client runs on, until the client is closed. Thread-safe. */
final class RegistryContext {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryContext.class);

    private final Context context;
    private volatile boolean closed;

    RegistryContext(Context context) {
        this.context = context;
    }

    /** Notes that the client is closed; what is on its way to the context still runs. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** @throws IllegalStateException if the client is closed */
    void requireOpen(String what) {
        if (closed) {
            throw new IllegalStateException("The watch of " + what + " came after the registry was closed");
        }
    }

    /** Runs an action on the context, soon. */
    void run(Runnable action) {
        try {
            context.runOnContext(v -> action.run());
        } catch (RejectedExecutionException e) {
            LOG.debug("Vert.x was closed before its registry client, and has freed all that there was to free", e);
        }
    }

    /** Sends a request from the context, unless the client is closed: then the stage fails. */
    <T> CompletionStage<T> ask(Supplier<Future<T>> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            context.runOnContext(v -> {
                if (closed) {
                    answer.completeExceptionally(gone());
                } else {
                    request.get().onSuccess(answer::complete).onFailure(answer::completeExceptionally);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("Vert.x was closed before its registry client", e);
            answer.completeExceptionally(gone());
        }
        return answer.minimalCompletionStage();
    }

    private static RegistryException gone() {
        return new RegistryException(Kind.UNREACHABLE, "Consul was not asked: the registry client is closed");
    }
}
