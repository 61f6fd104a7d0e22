package dev.pointsman.launcher;

import dev.pointsman.launcher.Operations.Result;
import dev.pointsman.launcher.process.Child;
import dev.pointsman.launcher.process.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The types of a launcher, and which of them, or which places of one, an operation is for. Confined to the launcher's loop. */
final class RunningTypes {
    private final Map<String, RunningType> types = new LinkedHashMap<>();

    /** What is done to a type. */
    interface OnType {
        CompletionStage<Result> of(RunningType type);
    }

    /** What is done to some places of a type. */
    interface OnPlaces {
        CompletionStage<Result> of(RunningType type, List<Place> places);
    }

    void add(RunningType type) {
        types.put(type.plan().type(), type);
    }

    void remove(RunningType type) {
        types.remove(type.plan().type(), type);
    }

    boolean isEmpty() {
        return types.isEmpty();
    }

    CompletionStage<Result> on(String name, OnType operation) {
        RunningType type = types.get(name);
        return type == null ? unknown("type " + name) : type.inTurn(() -> operation.of(type));
    }

    /** All places of a type, or the one of an instance. */
    CompletionStage<Result> onPlaces(String typeOrId, OnPlaces operation) {
        RunningType named = types.get(typeOrId);
        if (named != null) {
            return named.inTurn(() -> operation.of(named, named.places()));
        }
        for (RunningType type : types.values()) {
            Optional<Place> place = type.place(typeOrId);
            if (place.isPresent()) {
                return type.inTurn(() -> operation.of(type, List.of(place.get())));
            }
        }
        return unknown("type or instance " + typeOrId);
    }

    private CompletionStage<Result> unknown(String what) {
        return CompletableFuture.completedFuture(new Result(
                false, "There is no " + what + "; the types are " + String.join(", ", types.keySet()) + "."));
    }

    /** Every type at the same time; the sentences of all of them. */
    CompletionStage<Result> onAll(OnType operation) {
        List<CompletableFuture<Result>> results = types.values().stream()
                .map(type -> type.inTurn(() -> operation.of(type)).toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    boolean good =
                            results.stream().allMatch(result -> result.join().done());
                    List<String> sentences = results.stream()
                            .map(result -> result.join().sentence())
                            .toList();
                    return new Result(good, String.join(" ", sentences));
                });
    }

    /** Completes when nothing of them is left. */
    CompletableFuture<Void> end(String why) {
        return CompletableFuture.allOf(types.values().stream()
                .map(type -> type.end(why).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    boolean areAllGivenUp() {
        return types.values().stream().allMatch(RunningType::isGivenUp);
    }

    boolean isAnyGivenUp() {
        return types.values().stream().anyMatch(RunningType::isGivenUp);
    }

    List<Child> children() {
        List<Child> children = new ArrayList<>();
        types.values().forEach(type -> children.addAll(type.children()));
        return children;
    }

    /** What the processes use, by their ids. */
    void used(Map<Long, Usage> usage) {
        List.copyOf(types.values()).forEach(type -> type.used(usage));
    }

    List<InstanceStatus> status(Instant now) {
        return types.values().stream()
                .flatMap(type -> type.status(now).stream())
                .toList();
    }

    Map<String, Counts> counts() {
        Map<String, Counts> counts = new TreeMap<>();
        types.forEach((name, type) -> counts.put(name, type.counts()));
        return counts;
    }
}
