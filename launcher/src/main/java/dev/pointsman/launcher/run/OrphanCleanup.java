package dev.pointsman.launcher.run;

import dev.pointsman.launcher.process.OrphanedLauncher;
import dev.pointsman.launcher.process.ProcessPrograms;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cleanup of the orphans of launchers that were killed: their instances are deregistered and their processes ended. */
public final class OrphanCleanup {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanCleanup.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final LauncherContext context;
    private final ProcessPrograms programs;

    public OrphanCleanup(LauncherContext context, ProcessPrograms programs) {
        this.context = context;
        this.programs = programs;
    }

    /** Cleans up; completes on the loop when all is done as well as can be, and never fails. */
    public CompletionStage<Void> clean(Path runtime) {
        return context.loop()
                .here(programs.orphaned(runtime))
                .handle((launchers, failure) -> {
                    if (failure != null) {
                        LOG.warn("Orphans of launchers before this one cannot be looked for", failure);
                        return List.<OrphanedLauncher>of();
                    }
                    return launchers;
                })
                .thenCompose(launchers -> CompletableFuture.allOf(launchers.stream()
                        .map(orphaned -> clean(orphaned).toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
    }

    private CompletionStage<Void> clean(OrphanedLauncher orphaned) {
        List<String> ids = orphaned.ids();
        if (!ids.isEmpty()) {
            LOG.warn("A launcher before this one was killed; its instances {} are deregistered and ended.", ids);
        }
        CompletableFuture<?>[] deregistered = ids.stream()
                .map(id -> context.registrations()
                        .deregisterOrphan(id)
                        .handle((done, failure) -> {
                            if (failure != null) {
                                LOG.warn("{}", failure.getMessage());
                            }
                            return true;
                        })
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(deregistered)
                .thenCompose(done -> context.loop().here(orphaned.end(STOP_TIMEOUT)))
                .handle((killed, failure) -> {
                    if (failure != null) {
                        LOG.warn("The processes of a killed launcher could not be ended", failure);
                    }
                    forget(orphaned);
                    return null;
                });
    }

    private static void forget(OrphanedLauncher orphaned) {
        try {
            orphaned.forget();
        } catch (IOException e) {
            LOG.warn("The file of a killed launcher cannot be deleted, and will be found again: {}", e.getMessage());
        }
    }
}
