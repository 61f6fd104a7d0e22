package dev.pointsman.system.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Made-up services with made-up figures, in the JSON of the admin API. Thread-safe: changes take its lock. */
final class Fleet {
    private final List<JsonObject> services = new ArrayList<>();
    private final Instant started = Instant.now().minusSeconds(7400);

    /** The figures that are the same all the time, so that pictures of them are too. */
    private static JsonObject traffic(double rate, double errors, @Nullable Double p50, @Nullable Double p99) {
        return new JsonObject()
                .put("rate", rate)
                .put("errors", errors)
                .put("p50Ms", p50)
                .put("p99Ms", p99);
    }

    private static JsonObject idle() {
        return traffic(0, 0, null, null);
    }

    /** A shop of a few services, one of which has an ejected instance and one that is failing. */
    static Fleet shop() {
        Fleet fleet = new Fleet();
        fleet.add(service("checkout", List.of("shop.example.com/checkout", "/checkout"), 84, 3))
                .upstream(
                        "checkout",
                        2,
                        "ejected",
                        "ejected for 30 s: 5 of the last 10 attempts failed: connection refused")
                .trouble("checkout", "1 of 3 instances is ejected", 2);
        fleet.add(service("catalog", List.of("/catalog", "/search", "/images"), 1240, 4));
        fleet.add(service("basket", List.of("/basket"), 312, 3));
        fleet.add(service("accounts", List.of("/accounts"), 41.5, 2))
                .upstream("accounts", 1, "maintenance", "maintenance: moved to another rack");
        fleet.add(service("mail", List.of("/mail"), 0, 1));
        return fleet;
    }

    /** Services without any traffic but the first of them. */
    static Fleet of(int many) {
        Fleet fleet = new Fleet();
        for (int i = 0; i < many; i++) {
            String name = "service-%04d".formatted(i);
            fleet.add(service(name, List.of("/" + name), i == 0 ? 12 : 0, 2));
        }
        return fleet;
    }

    static JsonObject service(String name, List<String> routes, double rate, int instances) {
        JsonArray routed = new JsonArray();
        for (int i = 0; i < routes.size(); i++) {
            routed.add(new JsonObject()
                    .put("route", routes.get(i))
                    .put(
                            "traffic",
                            traffic(
                                    rate * (routes.size() - i) * 2 / (routes.size() * (routes.size() + 1.0)),
                                    0,
                                    2.0,
                                    9.0)));
        }
        JsonArray upstreams = new JsonArray();
        for (int i = 0; i < instances; i++) {
            double share = rate / instances * (i == 0 ? 1.2 : 1 - 0.2 / Math.max(1, instances - 1));
            upstreams.add(new JsonObject()
                    .put("id", name + "-" + (i + 1))
                    .put("node", "box-" + (i % 3 + 1))
                    .put("address", "10.0.0." + (i % 3 + 1))
                    .put("port", 34560 + i)
                    .put("state", "ready")
                    .put("reason", "all checks pass")
                    .put("since", Instant.now().minusSeconds(5400).toString())
                    .put("weight", 1)
                    .put("inFlight", (int) (share / 60))
                    .put("stalled", false)
                    .put("ejections", 0)
                    .put("tags", new JsonArray().add(name))
                    .put("traffic", rate == 0 ? idle() : traffic(share, 0, 3.1, 12.4 + i)));
        }
        return new JsonObject()
                .put("name", name)
                .put("policy", "round-robin")
                .put("inTrouble", false)
                .put("why", "")
                .put("ready", instances)
                .put("all", instances)
                .put("failOpen", false)
                .put("inFlight", (int) (rate / 60))
                .put("waiting", 0)
                .put("traffic", rate == 0 ? idle() : traffic(rate, 0, 3.1, 14.2))
                .put("counts", new JsonObject().put("failures", 0).put("retries", 0))
                .put(
                        "registry",
                        new JsonObject().put("ageMs", 1200).put("failures", 0).putNull("lastError"))
                .put("routes", routed)
                .put("upstreams", upstreams);
    }

    /** A service with connections in the place of requests. */
    static JsonObject database(String name, String route, JsonObject connections) {
        JsonObject service = service(name, List.of(route), 0, 2).put("tcp", connections);
        service.getJsonArray("routes").getJsonObject(0).put("tcp", connections);
        return service;
    }

    synchronized Fleet add(JsonObject service) {
        services.add(service);
        return this;
    }

    private JsonObject named(String name) {
        return services.stream()
                .filter(each -> each.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Has an instance be in another state. */
    synchronized Fleet upstream(String service, int index, String state, String reason) {
        JsonObject upstream = named(service).getJsonArray("upstreams").getJsonObject(index);
        upstream.put("state", state)
                .put("reason", reason)
                .put("since", Instant.now().minusSeconds(12).toString())
                .put("ejections", state.equals("ejected") ? 1 : 0)
                .put("inFlight", 0)
                .put("traffic", idle());
        return this;
    }

    /** Has a service be in trouble. */
    synchronized Fleet trouble(String service, String why, int ready) {
        JsonObject traffic = named(service).getJsonObject("traffic");
        named(service)
                .put("inTrouble", true)
                .put("why", why)
                .put("ready", ready)
                .put("traffic", traffic.copy().put("errors", 1.4))
                .getJsonObject("counts")
                .put("failures", 17)
                .put("retries", 16)
                .put("ejections", 1);
        return this;
    }

    synchronized JsonObject overview(String q, boolean onlyTrouble, int offset, int limit) {
        List<JsonObject> matching = services.stream()
                .filter(each -> each.encode().contains(q) && (!onlyTrouble || each.getBoolean("inTrouble")))
                .sorted(Comparator.comparing((JsonObject each) -> !each.getBoolean("inTrouble"))
                        .thenComparing(each -> -each.getJsonObject("traffic").getDouble("rate"))
                        .thenComparing(each -> each.getString("name")))
                .toList();
        double rate = services.stream()
                .mapToDouble(each -> each.getJsonObject("traffic").getDouble("rate"))
                .sum();
        JsonArray shown = new JsonArray();
        matching.stream().skip(offset).limit(limit).forEach(each -> shown.add(each.copy()));
        return new JsonObject()
                .put("at", Instant.now().toString())
                .put("version", "0.1.0")
                .put("state", "ready")
                .put("startedAt", started.toString())
                .put("traffic", traffic(rate, 1.4, 3.1, 14.2))
                .put(
                        "tcp",
                        services.stream()
                                .map(each -> each.getJsonObject("tcp"))
                                .filter(Objects::nonNull)
                                .findFirst()
                                .orElse(null))
                .put("connections", new JsonObject().put("clients", 212).put("upstreams", 48))
                .put(
                        "config",
                        new JsonObject()
                                .put("version", 3)
                                .put("since", started.toString())
                                .putNull("refused"))
                .put(
                        "registry",
                        new JsonObject()
                                .put("ok", true)
                                .put("oldestAgeMs", 2300)
                                .put("failing", 0)
                                .putNull("lastError"))
                .put("total", services.size())
                .put("matching", matching.size())
                .put(
                        "inTrouble",
                        services.stream()
                                .filter(each -> each.getBoolean("inTrouble"))
                                .count())
                .put("unrouted", traffic(0.4, 0, 0.1, 0.2))
                .put("services", shown);
    }

    /** Fifteen minutes that look alike, a wave each, for a service or for all. */
    synchronized JsonObject history(@Nullable String service) {
        double rate = services.stream()
                .filter(each -> service == null || each.getString("name").equals(service))
                .mapToDouble(each -> each.getJsonObject("traffic").getDouble("rate"))
                .sum();
        boolean troubled = service == null || named(service).getBoolean("inTrouble");
        JsonArray points = new JsonArray();
        Instant now = Instant.now();
        for (int i = 179; i >= 0; i--) {
            double wave = 1 + 0.25 * Math.sin(i / 14.0) + 0.08 * Math.sin(i * 1.7);
            points.add((rate == 0 ? idle() : traffic(rate * wave, troubled && i < 20 ? 1.4 : 0, 3 * wave, 14 * wave))
                    .put("at", now.minusSeconds(5L * i).toString()));
        }
        return new JsonObject().put("stepMs", 5000).put("points", points);
    }
}
