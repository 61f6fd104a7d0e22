package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether balancers are ready, and alike. Source: docs/several-balancers.md: all that balancers share is Consul, and they agree because they have
 * the same routes and secrets; two with different ones serve the same cookie by different instances. No token is shown to any of them.
 */
final class BalancersCheckup implements Checkup {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int MOST = 8;

    /** What differs between machines as it should. */
    private static final Set<String> OF_ONE_MACHINE = Set.of(
            "port", "host", "admin", "host-names", "consul", "view-file", "admin-routes-file", "admin-token-file",
            "explain-secret-file", "sticky-secret", "explain-secret", "admin-token", "access-log", "include", "dev");

    private final Set<String> given;
    private final @Nullable String usual;
    private final RegisteredServices services;
    private final HttpQuestions http = new HttpQuestions(null);

    /**
     * A look at balancers.
     *
     * @param given the admin APIs that were asked for
     * @param usual the one of the configuration, behind which there may be no balancer; null for none
     * @param services where balancers register
     */
    BalancersCheckup(Collection<String> given, @Nullable String usual, RegisteredServices services) {
        this.given = new LinkedHashSet<>(given);
        this.usual = usual;
        this.services = services;
    }

    /** What a balancer says of itself. */
    private record AskedBalancer(String url, JsonNode status, JsonNode config, JsonNode routes) {
        String startedAt() {
            return status.path("startedAt").asText();
        }
    }

    /** The URL of an admin API that was named by host and port. */
    static String url(String admin) {
        String url = admin.contains("://") ? admin : "http://" + admin;
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        Set<String> registered = new LinkedHashSet<>();
        for (RegisteredInstance each : services.read().instances()) {
            String admin = each.meta().get("admin");
            if (each.service().equals("pointsman-balancer") && admin != null && !each.isInMaintenance()) {
                registered.add(url(admin));
            }
        }
        Set<String> asked = new LinkedHashSet<>();
        given.forEach(each -> asked.add(url(each)));
        if (given.isEmpty() && usual != null) {
            asked.add(url(usual));
        }
        asked.addAll(registered);
        List<Finding> found = new ArrayList<>();
        // One may be known by several addresses.
        Map<String, AskedBalancer> balancers = new LinkedHashMap<>();
        for (String url : asked.stream().limit(MOST).toList()) {
            try {
                AskedBalancer balancer = ask(url);
                if (balancers.putIfAbsent(balancer.startedAt(), balancer) == null) {
                    found.addAll(alone(balancer));
                }
            } catch (IOException failed) {
                found.add(unreached(url, String.valueOf(failed.getMessage()), registered.contains(url)));
            }
        }
        found.addAll(together(List.copyOf(balancers.values())));
        return found;
    }

    private AskedBalancer ask(String url) throws IOException, InterruptedException {
        JsonNode status = json(url + "/api/status");
        if (!status.path("status").isTextual() || !status.path("startedAt").isTextual()) {
            throw new IOException("what responds there is not the admin API of a balancer");
        }
        return new AskedBalancer(url, status, json(url + "/api/config"), json(url + "/api/routes"));
    }

    private JsonNode json(String url) throws IOException, InterruptedException {
        HttpReply reply = http.ask("GET", url, Map.of("Accept", "application/json"), null, PATIENCE);
        return ConsulQuestions.json(reply);
    }

    private Finding unreached(String url, String why, boolean isRegistered) {
        if (given.stream().anyMatch(each -> url(each).equals(url))) {
            return Finding.error(
                    DoctorCheck.BALANCER,
                    url,
                    "does not respond: " + why,
                    "nothing is known about that balancer",
                    "start it, or correct --admin");
        }
        return isRegistered
                ? Finding.warning(
                        DoctorCheck.BALANCER,
                        url,
                        "is registered and does not respond here: " + why,
                        "a launcher on this machine waits for it in vain when it replaces instances",
                        "let this machine reach its admin port, or deregister it if it is gone")
                : Finding.note(
                        DoctorCheck.BALANCER,
                        url,
                        "no balancer responds: " + why,
                        "what one that runs knows is not looked at",
                        "start one, or name its admin API by --admin");
    }

    private static List<Finding> alone(AskedBalancer balancer) {
        List<Finding> found = new ArrayList<>();
        JsonNode status = balancer.status();
        String state = status.path("status").asText();
        if (state.equals("ready")) {
            found.add(Finding.ok(
                    DoctorCheck.BALANCER,
                    balancer.url(),
                    "is ready, version " + status.path("version").asText("unknown")));
        } else {
            found.add(Finding.warning(
                    DoctorCheck.BALANCER,
                    balancer.url(),
                    "is " + state + ": " + status.path("why").asText(),
                    "it should get no clients now",
                    "pointsman status --admin " + balancer.url() + " shows each target"));
        }
        long problems = status.path("problemCount").asLong();
        if (problems > 0) {
            found.add(Finding.note(
                    DoctorCheck.BALANCER,
                    balancer.url(),
                    "has trouble with " + problems + " of " + status.path("targetCount").asLong() + " targets",
                    "some of their instances take no traffic",
                    "pointsman status --admin " + balancer.url() + " says which and why"));
        }
        JsonNode refused = balancer.config().path("refused").path("problems");
        if (refused.size() > 0) {
            found.add(Finding.warning(
                    DoctorCheck.BALANCER,
                    balancer.url(),
                    "runs with an older configuration: " + refused.path(0).asText(),
                    "what was changed since is not in force, and the next start fails",
                    "correct the file; pointsman check says when it is right"));
        }
        return found;
    }

    private static List<Finding> together(List<AskedBalancer> all) {
        if (all.size() < 2) {
            return List.of();
        }
        List<Finding> found = new ArrayList<>();
        found.add(secret(all, "stickySecret", "sticky-secret", true));
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

    private static String names(Collection<AskedBalancer> all) {
        return all.stream().map(AskedBalancer::url).collect(Collectors.joining(", "));
    }

    private static Finding secret(List<AskedBalancer> all, String field, String setting, boolean isSticky) {
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
        return isSticky
                ? Finding.error(
                        DoctorCheck.BALANCER_SECRETS,
                        names(all),
                        what,
                        "a client that comes to another balancer comes to another instance, and loses its session",
                        todo)
                : Finding.warning(
                        DoctorCheck.BALANCER_SECRETS,
                        names(all),
                        what,
                        "a request is explained by some of them only",
                        todo);
    }

    private static String parts(List<AskedBalancer> all, Function<AskedBalancer, String> value) {
        return all.stream()
                .map(each -> each.url() + " " + value.apply(each))
                .collect(Collectors.joining(", "));
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
                .filter(each -> !each.getKey().equals("route") && each.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return List.of(
                different.isEmpty()
                        ? Finding.ok(DoctorCheck.BALANCER_SETTINGS, names(all), "have the same settings, but for their addresses and files")
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
                .forEach(each -> routes.add(each.path("route").asText() + " -> " + each.path("target").asText() + " "
                        + each.path("options")));
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
                        "have different routes: " + some(only) + " only at the one, " + some(onlyOther) + " only at the other",
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
