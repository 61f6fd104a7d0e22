package dev.pointsman.launcher.control;

import dev.pointsman.launcher.InstanceStatus;
import dev.pointsman.launcher.Operations;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * A launcher's operations, with the types that it has in mind: also those that have no instance at the moment, until they are
 * deleted. Thread-safe.
 */
public final class Types implements Operations {
    private final Operations launcher;
    private final Set<String> types;

    /** @param types those that the launcher has at first */
    public Types(Operations launcher, Collection<String> types) {
        this.launcher = launcher;
        this.types = new ConcurrentSkipListSet<>(types);
    }

    public Set<String> names() {
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
        String type = typeOf(typeOrId);
        return launcher.delete(typeOrId, progress).thenApply(result -> {
            if (result.done()
                    && launcher.list().stream().noneMatch(each -> each.type().equals(type))) {
                types.remove(type);
            }
            return result;
        });
    }

    private String typeOf(String typeOrId) {
        return launcher.list().stream()
                .filter(each -> each.id().equals(typeOrId))
                .findFirst()
                .map(InstanceStatus::type)
                .orElse(typeOrId);
    }
}
