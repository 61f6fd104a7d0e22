package dev.pointsman.cli;

import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.route.Branch;
import dev.pointsman.balancer.route.Route;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What {@code pointsman check} found. Immutable.
 *
 * @param files the files that were read
 * @param routes those that the configuration has; none if it was refused
 * @param problems a sentence each; none if it is fine
 * @param warnings what can be used, and will not do all the same, such as a certificate that has expired; a sentence each
 */
record CheckReport(List<Path> files, List<Route> routes, List<String> problems, List<String> warnings) {
    /** More are a line that nobody reads. */
    private static final int SHOWN_TARGETS = 20;

    static CheckReport fine(ReadConfig read) {
        return new CheckReport(
                read.places().files(),
                read.config().routes(),
                List.of(),
                CertificateWarnings.of(read.config().tls()));
    }

    static CheckReport refused(ConfigPlaces places, List<String> problems) {
        return new CheckReport(places.files(), List.of(), problems, List.of());
    }

    private List<String> targets() {
        return routes.stream()
                .flatMap(route -> route.branches().stream())
                .map(branch -> branch.target().name())
                .distinct()
                .sorted()
                .toList();
    }

    /** @param more the end of the line about the targets */
    String text(String more) {
        int longest = routes.stream()
                .mapToInt(route -> route.key().toString().length())
                .max()
                .orElse(0);
        String lines = routes.stream()
                .map(route -> String.format("    %-" + longest + "s -> %s%n", route.key(), leadsTo(route)))
                .collect(Collectors.joining());
        List<String> targets = targets();
        String first = targets.stream().limit(SHOWN_TARGETS).collect(Collectors.joining(", "));
        int further = Math.max(0, targets.size() - SHOWN_TARGETS);
        return (files.isEmpty() ? "fine" : files.get(0) + " is fine") + System.lineSeparator()
                + (files.size() < 2
                        ? ""
                        : "  includes  "
                                + files.stream().skip(1).map(Path::toString).collect(Collectors.joining(", "))
                                + System.lineSeparator())
                + "  routes    " + routes.size() + System.lineSeparator() + lines
                + "  targets   " + targets.size() + (targets.isEmpty() ? "" : ": " + first)
                + (further > 0 ? " and " + further + " more (--json has all)" : "") + more
                + System.lineSeparator();
    }

    /** Where a route leads to, for people. */
    static String leadsTo(Route route) {
        return route.branches().isEmpty() ? "a redirection" : route.describeTarget();
    }

    String json() {
        JsonObject json = new JsonObject()
                .put("valid", problems.isEmpty())
                .put("files", new JsonArray(files.stream().map(Path::toString).toList()));
        if (problems.isEmpty()) {
            json.put(
                    "routes",
                    new JsonArray(routes.stream().map(CheckReport::json).toList()));
            json.put("targets", new JsonArray(targets()));
        }
        return json.put("problems", new JsonArray(problems))
                        .put("warnings", new JsonArray(warnings))
                        .encodePrettily()
                + System.lineSeparator();
    }

    private static JsonObject json(Route route) {
        return new JsonObject()
                .put("route", route.key().toString())
                .put("from", route.origin().where())
                .put(
                        "to",
                        new JsonArray(
                                route.branches().stream().map(CheckReport::json).toList()));
    }

    private static JsonObject json(Branch branch) {
        return new JsonObject().put("target", branch.target().name()).put("weight", branch.weight());
    }
}
