package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether balancers that serve the same clients are alike: secrets by their fingerprints, versions, settings and routes. */
final class BalancerComparison {
    private static final String STICKY = "stickySecret";

    /** What differs between machines as it should. */
    private static final Set<String> OF_ONE_MACHINE = Set.of(
            "port",
            "host",
            "admin",
            "host-names",
            "consul",
            "view-file",
            "admin-routes-file",
            "admin-token-file",
            "explain-secret-file",
            "sticky-secret",
            "explain-secret",
            "admin-token",
            "access-log",
            "include",
            "dev");

    private BalancerComparison() {}

    /** What there is to say of balancers beside each other; nothing of one alone. */
    static List<Finding> of(List<AskedBalancer> all) {
        if (all.size() < 2) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        boolean isSticky = all.stream().anyMatch(each -> hasStickyRoute(each.routes()));
        found.add(secret(all, STICKY, "sticky-secret", isSticky));
        found.add(secret(all, "explainSecret", "explain-secret", false));
        found.add(compared(
                DoctorCheck.BALANCER_VERSIONS,
                all,
                each -> each.status().path("version").asText("unknown"),
                "have different versions: ",
                "have the same version",
                "they may judge and count differently",
                "finish the upgrade of all of them"));
        found.addAll(settings(all));
        found.addAll(routes(all));
        return found;
    }

    private static boolean hasStickyRoute(JsonNode routes) {
        for (JsonNode route : routes.path("routes")) {
            if (route.path("policy").asText().startsWith("sticky")) {
                return true;
            }
        }
        return false;
    }

    private static String names(Collection<AskedBalancer> all) {
        return all.stream().map(AskedBalancer::url).collect(Collectors.joining(", "));
    }

    private static Finding secret(List<AskedBalancer> all, String field, String setting, boolean isInUse) {
        if (all.stream().anyMatch(each -> !each.config().path("fingerprints").isObject())) {
            return Finding.note(
                    DoctorCheck.BALANCER_SECRETS,
                    names(all),
                    "do not all tell a fingerprint of their " + setting,
                    "whether they have the same one is not known",
                    "have all of them run this version");
        }
        Function<AskedBalancer, String> fingerprint =
                each -> each.config().path("fingerprints").path(field).asText("none");
        if (all.stream().map(fingerprint).distinct().count() == 1) {
            return Finding.ok(DoctorCheck.BALANCER_SECRETS, names(all), "have the same " + setting + ", or none");
        }
        String what = "have different ones as " + setting + " (by their fingerprints): " + parts(all, fingerprint);
        String todo = "set the same " + setting + " on all of them, by the variable or the file, and start those anew";
        String why = field.equals(STICKY)
                ? "with the policy sticky, a client that comes to another balancer comes to another instance, and loses its"
                        + " session"
                : "a request is explained by some of them only";
        return isInUse
                ? Finding.error(DoctorCheck.BALANCER_SECRETS, names(all), what, why, todo)
                : Finding.warning(DoctorCheck.BALANCER_SECRETS, names(all), what, why, todo);
    }

    private static String parts(List<AskedBalancer> all, Function<AskedBalancer, String> value) {
        return all.stream().map(each -> each.url() + " " + value.apply(each)).collect(Collectors.joining(", "));
    }

    private static Finding compared(
            DoctorCheck check,
            List<AskedBalancer> all,
            Function<AskedBalancer, String> value,
            String different,
            String same,
            String why,
            String todo) {
        return all.stream().map(value).distinct().count() == 1
                ? Finding.ok(check, names(all), same)
                : Finding.warning(check, names(all), different + parts(all, value), why, todo);
    }

    private static List<Finding> settings(List<AskedBalancer> all) {
        Map<String, Set<JsonNode>> values = new TreeMap<>();
        Set<String> keys = new TreeSet<>();
        all.forEach(each -> each.config().path("settings").fieldNames().forEachRemaining(keys::add));
        keys.removeAll(OF_ONE_MACHINE);
        for (String key : keys) {
            Set<JsonNode> ofAll = new LinkedHashSet<>();
            all.forEach(each -> ofAll.add(each.config().path("settings").path(key)));
            values.put(key, ofAll);
        }
        // Routes are compared as they are in force.
        String different = values.entrySet().stream()
                .filter(each ->
                        !each.getKey().equals("route") && each.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return List.of(
                different.isEmpty()
                        ? Finding.ok(
                                DoctorCheck.BALANCER_SETTINGS,
                                names(all),
                                "have the same settings, but for their addresses and files")
                        : Finding.warning(
                                DoctorCheck.BALANCER_SETTINGS,
                                names(all),
                                "differ in " + different,
                                "the same request is treated differently by each of them",
                                "give them the same file, if that is not meant"));
    }

    private static Set<String> routesOf(AskedBalancer balancer) {
        Set<String> routes = new TreeSet<>();
        balancer.routes()
                .path("routes")
                .forEach(each -> routes.add(each.path("route").asText() + " -> "
                        + each.path("target").asText() + " " + each.path("options")));
        return routes;
    }

    private static List<Finding> routes(List<AskedBalancer> all) {
        AskedBalancer first = all.get(0);
        for (AskedBalancer other : all.subList(1, all.size())) {
            Set<String> one = routesOf(first);
            Set<String> two = routesOf(other);
            if (!one.equals(two)) {
                Set<String> only = new TreeSet<>(one);
                only.removeAll(two);
                Set<String> onlyOther = new TreeSet<>(two);
                onlyOther.removeAll(one);
                return List.of(Finding.warning(
                        DoctorCheck.BALANCER_ROUTES,
                        first.url() + ", " + other.url(),
                        "have different routes: " + some(only) + " only at the one, " + some(onlyOther)
                                + " only at the other",
                        "the same request goes to different services, or to none",
                        "give them the same file; what was put by the admin API has to be put at each"));
            }
        }
        return List.of(Finding.ok(DoctorCheck.BALANCER_ROUTES, names(all), "have the same routes"));
    }

    private static String some(Set<String> routes) {
        return routes.isEmpty()
                ? "none"
                : routes.stream().limit(3).map(String::strip).collect(Collectors.joining("; "))
                        + (routes.size() > 3 ? " and " + (routes.size() - 3) + " more" : "");
    }
}
