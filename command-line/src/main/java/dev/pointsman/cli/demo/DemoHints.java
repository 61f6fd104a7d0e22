package dev.pointsman.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** The text that a demo prints once it runs: the commands to try. */
final class DemoHints {
    private DemoHints() {}

    /** Something to try, and what it shows. */
    private record Hint(String type, String shows) {}

    static List<String> of(DemoPorts ports) {
        String elsewhere = ports.registry() == 8500 ? "" : " --consul " + ports.registryUrl();
        String otherAdmin = ports.admin() == 9901 ? "" : " --admin " + ports.adminUrl();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Pointsman is running: a registry, a balancer, two api-service and two webapp-service instances.");
        lines.add("");
        lines.addAll(aligned(List.of(
                new Hint("curl " + ports.clientsUrl() + "/api/anything", "a response of the next api-service"),
                new Hint("curl " + ports.clientsUrl() + "/", "a response of the next webapp-service"),
                new Hint("curl " + ports.clientsUrl() + "/api/chain", "an api-service asks a webapp-service by itself"),
                new Hint(ports.adminUrl() + "/", "in a browser: the dashboard"),
                new Hint("curl " + ports.adminUrl() + "/api/services", "what the balancer knows"),
                new Hint("curl " + ports.registryUrl() + "/v1/catalog/services", "what the registry knows"))));
        lines.add("");
        lines.add("In another terminal:");
        lines.add("");
        lines.addAll(aligned(List.of(
                new Hint("./pointsman list", "the instances, and how they are"),
                new Hint("./pointsman top" + otherAdmin, "what the balancer does this second, until q"),
                new Hint("./pointsman scale api-service +1", "one more; it gets requests as soon as it is up"),
                new Hint("./pointsman reload api-service", "replaces them one by one; no request fails"),
                new Hint(
                        "./pointsman service webapp-service" + elsewhere,
                        "one more, in this terminal, until Ctrl-C"))));
        lines.add("");
        lines.add("Ctrl-C here stops everything.");
        return lines;
    }

    private static List<String> aligned(List<Hint> hints) {
        int width = hints.stream().mapToInt(hint -> hint.type().length()).max().orElse(0);
        return hints.stream()
                .map(hint -> "  " + hint.type() + " ".repeat(width - hint.type().length() + 3) + hint.shows())
                .toList();
    }
}
