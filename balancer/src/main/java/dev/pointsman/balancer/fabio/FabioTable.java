package dev.pointsman.balancer.fabio;

import dev.pointsman.balancer.fabio.FabioCommand.Add;
import dev.pointsman.balancer.fabio.FabioCommand.Del;
import dev.pointsman.balancer.fabio.FabioCommand.Weight;
import dev.pointsman.registry.Instance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The table that fabio's commands make, one after the other: the destinations of each source. Not thread-safe.
 */
public final class FabioTable {
    private final Map<FabioSource, List<FabioDestination>> routes = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    /** Adds a destination that a tag of an instance announces. */
    public void add(Add add, Instance instance, String where) {
        put(new FabioDestination(add, add.weight(), instance, where));
    }

    /** Applies the commands of a document to what is there. */
    public void apply(FabioDocument document) {
        for (FabioCommand command : document.commands()) {
            apply(command, document.name());
        }
    }

    /** The destinations of each source; none is empty. */
    public Map<FabioSource, List<FabioDestination>> routes() {
        return routes;
    }

    /** A sentence for each command that found nothing to act on, where that is likely a mistake. */
    public List<String> problems() {
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
        FabioSource source = FabioSource.of(destination.command().source());
        List<FabioDestination> same = routes.computeIfAbsent(source, key -> new ArrayList<>(2));
        // Nearly all destinations of a source differ in their URLs.
        boolean isNew = known.add(source + " " + destination.command().destination());
        if (isNew || same.stream().noneMatch(destination::isSame)) {
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
        List<FabioDestination> of = routes.getOrDefault(FabioSource.asWritten(weight.source()), List.of());
        List<FabioDestination> named = of.stream()
                .filter(each -> each.isNamedBy(weight.service(), weight.tags()))
                .toList();
        if (named.isEmpty()) {
            problems.add(where + ": route weight "
                    + (weight.service().isEmpty() ? "" : weight.service() + " ")
                    + weight.source()
                    + (weight.tags().isEmpty() ? "" : " tags \"" + String.join(",", weight.tags()) + "\"")
                    + ": there is no such destination (expected: one that is announced or added before)");
            return;
        }
        long live = named.stream().filter(FabioDestination::isLive).count();
        double each = weight.weight() / (live == 0 ? named.size() : live);
        of.replaceAll(one -> one.isNamedBy(weight.service(), weight.tags()) ? one.withWeight(each) : one);
    }
}
