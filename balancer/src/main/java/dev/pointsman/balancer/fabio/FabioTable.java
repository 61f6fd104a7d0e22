package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.balancer.fabio.FabioCommand.Del;
import dev.pointsman.balancer.fabio.FabioCommand.Weight;
import dev.pointsman.registry.Instance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The table that fabio's commands make, one after the other: the destinations of each source. Not thread-safe.
 */
final class FabioTable {
    private final Map<FabioSource, List<FabioDestination>> routes = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Adds a destination that a tag of an instance announces. */
    void add(Add add, Instance instance, String where) {
        put(new FabioDestination(add, add.weight(), instance, where));
    }

    /** Applies the commands of a document to what is there. */
    void apply(FabioDocument document) {
        for (FabioCommand command : document.commands()) {
            apply(command, document.name());
        }
    }

    /** The destinations of each source; none is empty. */
    Map<FabioSource, List<FabioDestination>> routes() {
        return routes;
    }

    /** A sentence for each command that found nothing to act on, where that is likely a mistake. */
    List<String> problems() {
        return problems;
    }

    private void apply(FabioCommand command, String where) {
        if (command instanceof Add add) {
            put(new FabioDestination(add, add.weight(), null, where));
        } else if (command instanceof Del del) {
            delete(del);
        } else if (command instanceof Weight weight) {
            weigh(weight, where);
        }
    }

    private void put(FabioDestination destination) {
        List<FabioDestination> same =
                routes.computeIfAbsent(FabioSource.of(destination.command().source()), source -> new ArrayList<>(2));
        if (same.stream().noneMatch(destination::isSame)) {
            same.add(destination);
        }
    }

    private void delete(Del del) {
        if (!del.tags().isEmpty()) {
            deleteAll(each -> each.isNamedBy(del.service(), del.tags()));
        } else if (del.source().isEmpty()) {
            deleteAll(each -> each.command().service().equals(del.service()));
        } else {
            List<FabioDestination> of = routes.get(FabioSource.asWritten(del.source()));
            if (of != null) {
                of.removeIf(each -> each.command().service().equals(del.service())
                        && (del.destination().isEmpty()
                                || each.command().destination().equals(del.destination())));
            }
        }
        routes.values().removeIf(List::isEmpty);
    }

    private void deleteAll(Predicate<FabioDestination> named) {
        routes.values().forEach(each -> each.removeIf(named));
    }

    private void weigh(Weight weight, String where) {
        @Nullable List<FabioDestination> of = routes.get(FabioSource.asWritten(weight.source()));
        long named = of == null
                ? 0
                : of.stream()
                        .filter(each -> each.isNamedBy(weight.service(), weight.tags()))
                        .count();
        if (of == null || named == 0) {
            problems.add(where + ": route weight "
                    + (weight.service().isEmpty() ? "" : weight.service() + " ")
                    + weight.source()
                    + (weight.tags().isEmpty() ? "" : " tags \"" + String.join(",", weight.tags()) + "\"")
                    + ": there is no such destination (expected: one that is announced or added before)");
            return;
        }
        double each = weight.weight() / named;
        of.replaceAll(one -> one.isNamedBy(weight.service(), weight.tags()) ? one.withWeight(each) : one);
    }
}
