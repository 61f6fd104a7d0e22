package dev.pointsman.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pointsman.cli.doctor.HttpQuestions.HttpReply;
import dev.pointsman.launcher.drain.RegisteredBalancer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Whether balancers are ready, and alike. Source: docs/several-balancers.md: all that balancers share is Consul, and they agree because they have
 * the same routes and secrets; two with different ones serve the same cookie by different instances. No token is shown to any of them.
 */
final class BalancersCheckup implements Checkup {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int MOST = 8;
    private static final Duration LONG_CRITICAL = Duration.ofMinutes(15);

    private final Set<String> given;
    private final @Nullable String usual;
    private final @Nullable RegisteredServices services;
    private final InstantSource clock;
    private final HttpQuestions http = new HttpQuestions(null);

    /**
     * A look at balancers.
     *
     * @param given the admin APIs that were asked for
     * @param usual the one of the configuration, behind which there may be no balancer; null for none
     * @param services where balancers register; null where it is not known which registry is meant
     */
    BalancersCheckup(
            Collection<String> given,
            @Nullable String usual,
            @Nullable RegisteredServices services,
            InstantSource clock) {
        this.clock = clock;
        this.given = new LinkedHashSet<>(given);
        this.usual = usual;
        this.services = services;
    }

    /** The URL of an admin API that was named by host and port. */
    static String url(String admin) {
        String url = admin.contains("://") ? admin : "http://" + admin;
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    @Override
    public List<Finding> findings() throws InterruptedException {
        Set<String> registered = new LinkedHashSet<>();
        List<RegisteredInstance> instances =
                services == null ? List.of() : services.read().instances();
        for (RegisteredInstance each : instances) {
            String admin = each.meta().get("admin");
            if (each.service().equals(RegisteredBalancer.SERVICE) && admin != null && !each.isInMaintenance()) {
                registered.add(url(admin));
            }
        }
        Set<String> asked = new LinkedHashSet<>();
        given.forEach(each -> asked.add(url(each)));
        if (given.isEmpty() && usual != null) {
            asked.add(url(usual));
        }
        asked.addAll(registered);
        List<Callable<AskedBalancer>> questions = new ArrayList<>();
        asked.stream().limit(MOST).forEach(url -> questions.add(() -> ask(url)));
        List<Finding> found = new ArrayList<>();
        // One may be known by several addresses.
        Map<String, AskedBalancer> balancers = new LinkedHashMap<>();
        for (AskedBalancer each : SideBySide.all(MOST, questions)) {
            if (!each.trouble().isEmpty()) {
                found.add(unreached(each.url(), each.trouble(), registered.contains(each.url())));
            } else if (balancers.putIfAbsent(each.startedAt(), each) == null) {
                found.addAll(alone(each));
                found.addAll(longCritical(each));
            }
        }
        found.addAll(BalancerComparison.of(List.copyOf(balancers.values())));
        return found;
    }

    private AskedBalancer ask(String url) throws InterruptedException {
        try {
            JsonNode status = json(url + "/api/status");
            if (!status.path("status").isTextual() || !status.path("startedAt").isTextual()) {
                return AskedBalancer.unreached(url, "what responds there is not the admin API of a balancer");
            }
            return new AskedBalancer(
                    url,
                    "",
                    status,
                    json(url + "/api/config"),
                    json(url + "/api/routes"),
                    json(url + "/api/overview?limit=200"));
        } catch (IOException failed) {
            return AskedBalancer.unreached(url, String.valueOf(failed.getMessage()));
        }
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
                    "has trouble with " + problems + " of "
                            + status.path("targetCount").asLong() + " targets",
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

    /** Instances that are critical for so long that nobody seems to come back for them. */
    private List<Finding> longCritical(AskedBalancer balancer) {
        List<Finding> found = new ArrayList<>();
        for (JsonNode service : balancer.overview().path("services")) {
            for (JsonNode each : service.path("upstreams")) {
                Instant since = since(each.path("since").asText());
                if (each.path("state").asText().equals("critical")
                        && since != null
                        && since.plus(LONG_CRITICAL).isBefore(clock.instant())) {
                    found.add(
                            Finding.warning(
                                    DoctorCheck.INSTANCE_HEALTH,
                                    service.path("name").asText() + " "
                                            + each.path("node").asText() + "/"
                                            + each.path("id").asText(),
                                    "is critical since " + since + ", as " + balancer.url() + " saw it",
                                    "it stays listed for ever: it seems to have no deregister_critical_service_after",
                                    "deregister it if it is gone, and set DeregisterCriticalServiceAfter (1m) where it registers"));
                }
            }
        }
        return Checkup.firstOf(found);
    }

    private static @Nullable Instant since(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException unknown) {
            return null;
        }
    }
}
