package dev.pointsman.launcher.control;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.api.Operations;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;

/**
 * A launcher's operations that also track its types: those without an instance stay known until they are deleted. Thread-safe.
 */
public final class TypeTracker implements Operations {
    private final Operations launcher;
    private final Set<String> types;

    /** @param types those that the launcher has at first */
    public TypeTracker(Operations launcher, Collection<String> types) {
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
    public CompletionStage<OperationResult> scale(String type, String change, Consumer<String> progress) {
        return launcher.scale(type, change, progress);
    }

    @Override
    public CompletionStage<OperationResult> reload(String type, int batch, Consumer<String> progress) {
        return launcher.reload(type, batch, progress);
    }

    @Override
    public CompletionStage<OperationResult> restart(String typeOrId, Consumer<String> progress) {
        return launcher.restart(typeOrId, progress);
    }

    @Override
    public CompletionStage<OperationResult> signal(String typeOrId, String signal) {
        return launcher.signal(typeOrId, signal);
    }

    @Override
    public CompletionStage<OperationResult> reset(String typeOrId) {
        return launcher.reset(typeOrId);
    }

    @Override
    public CompletionStage<OperationResult> stop(String typeOrId, Consumer<String> progress) {
        return launcher.stop(typeOrId, progress);
    }

    @Override
    public CompletionStage<OperationResult> start(String typeOrId, Consumer<String> progress) {
        return launcher.start(typeOrId, progress);
    }

    @Override
    public CompletionStage<OperationResult> delete(String typeOrId, Consumer<String> progress) {
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
