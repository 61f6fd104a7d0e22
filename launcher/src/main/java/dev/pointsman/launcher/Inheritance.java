package dev.pointsman.launcher;

import dev.pointsman.launcher.process.Leftover;
import dev.pointsman.launcher.process.ProcessPrograms;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles what launchers that were killed have left behind: nothing of theirs stays registered, or runs beside ours. */
final class Inheritance {
    private static final Logger LOG = LoggerFactory.getLogger(Inheritance.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Tools tools;
    private final ProcessPrograms programs;

    Inheritance(Tools tools, ProcessPrograms programs) {
        this.tools = tools;
        this.programs = programs;
    }

    /** Completes on the loop, never badly, when all is settled as well as it can be. */
    CompletionStage<Void> settle(Path runtime) {
        return tools.loop()
                .here(programs.leftovers(runtime))
                .handle((leftovers, failure) -> {
                    if (failure != null) {
                        LOG.warn("What launchers before this one may have left behind cannot be told", failure);
                        return List.<Leftover>of();
                    }
                    return leftovers;
                })
                .thenCompose(leftovers -> CompletableFuture.allOf(leftovers.stream()
                        .map(leftover -> settle(leftover).toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
    }

    private CompletionStage<Void> settle(Leftover leftover) {
        List<String> ids = leftover.ids();
        if (!ids.isEmpty()) {
            LOG.warn("A launcher before this one was killed; its instances {} are deregistered and ended.", ids);
        }
        CompletableFuture<?>[] deregistered = ids.stream()
                .map(id -> tools.registrations()
                        .leaveUnkept(id)
                        .handle((done, failure) -> {
                            if (failure != null) {
                                LOG.warn("{}", failure.getMessage());
                            }
                            return true;
                        })
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(deregistered)
                .thenCompose(done -> tools.loop().here(leftover.end(PATIENCE)))
                .handle((killed, failure) -> {
                    if (failure != null) {
                        LOG.warn("Its processes could not be ended", failure);
                    }
                    forget(leftover);
                    return null;
                });
    }

    private static void forget(Leftover leftover) {
        try {
            leftover.forget();
        } catch (IOException e) {
            LOG.warn("What it wrote down cannot be deleted, and is found again: {}", e.getMessage());
        }
    }
}
