package dev.pointsman.launcher.cli;

import dev.pointsman.launcher.InstanceStatus;
import dev.pointsman.launcher.Operations;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * A launcher's operations, with the types that it has in mind: also those that have no instance at the moment. When the last
 * is deleted there is nothing to stay for. Thread-safe.
 */
final class Types implements Operations {
    private final Operations launcher;
    private final Runnable lastDeleted;
    private final Set<String> types;

    Types(Operations launcher, Collection<String> types, Runnable lastDeleted) {
        this.launcher = launcher;
        this.types = new ConcurrentSkipListSet<>(types);
        this.lastDeleted = lastDeleted;
    }

    Set<String> names() {
        return Set.copyOf(types);
    }

    @Override
    public List<InstanceStatus> list() {
        return launcher.list();
    }

    @Override
    public CompletionStage<Result> scale(String type, String change, Consumer<String> progress) {
        return launcher.scale(type, change, progress);
    }

    @Override
    public CompletionStage<Result> reload(String type, int batch, Consumer<String> progress) {
        return launcher.reload(type, batch, progress);
    }

    @Override
    public CompletionStage<Result> stop(String typeOrId, Consumer<String> progress) {
        return launcher.stop(typeOrId, progress);
    }

    @Override
    public CompletionStage<Result> start(String typeOrId, Consumer<String> progress) {
        return launcher.start(typeOrId, progress);
    }

    @Override
    public CompletionStage<Result> delete(String typeOrId, Consumer<String> progress) {
        return launcher.delete(typeOrId, progress).thenApply(result -> {
            if (result.done() && types.remove(typeOrId) && types.isEmpty()) {
                lastDeleted.run();
            }
            return result;
        });
    }
}
