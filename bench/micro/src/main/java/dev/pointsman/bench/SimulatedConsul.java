package dev.pointsman.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A Consul that has no instances but says that it has: each response is made of a service's number and of what changed, so that a
 * hundred thousand of them take no memory beside what follows them. It responds to blocking queries as Consul does, its wait
 * spread by up to a sixteenth included, and says that it is the leader. One event loop; changes come from any thread.
 */
final class SimulatedConsul extends AbstractVerticle {
    private static final String SERVICE = "/v1/health/service/";
    private static final String STATE = "/v1/health/state/";
    private static final String CHECKS = STATE + "any";
    private static final String CRITICAL = STATE + "critical";
    private static final String CATALOG = "/v1/catalog/services";
    /** Instances of one node, as on a machine with some dozens of containers. */
    private static final int ON_A_NODE = 50;

    private record Waiting(HttpServerRequest request, long index, long timer) {}

    private final int services;
    private final int instances;
    private final RandomGenerator random;
    private final long[] indexes;
    /** Of each instance how often its check changed; it is passing where that is even. */
    private final int[] changes;
    private final Map<String, List<Waiting>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong blocked = new AtomicLong();
    private long index = 1_000;
    private long criticalIndex = 1_000;
    private int port;

    private SimulatedConsul(int services, int instances, RandomGenerator random) {
        this.services = services;
        this.instances = instances;
        this.random = random;
        this.indexes = new long[services];
        this.changes = new int[services * instances];
    }

    /** Starts one, on a free port of loopback. */
    static SimulatedConsul start(Vertx vertx, int services, int instances, RandomGenerator random) throws Exception {
        SimulatedConsul consul = new SimulatedConsul(services, instances, random);
        vertx.deployVerticle(consul, new DeploymentOptions())
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        return consul;
    }

    @Override
    public void start(Promise<Void> started) {
        for (int service = 0; service < services; service++) {
            indexes[service] = ++index;
        }
        vertx.createHttpServer()
                .requestHandler(this::handle)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> port = server.actualPort())
                .<Void>mapEmpty()
                .onComplete(started);
    }

    int port() {
        return port;
    }

    /** The name of a service, which is its tag too. */
    static String name(int service) {
        return "service-" + service;
    }

    /** How many queries wait for a change. */
    long blocked() {
        return blocked.get();
    }

    /** An instance's check turns from passing to critical or back; says to the action on this loop when that is so, before anybody is told. */
    void change(int service, int instance, Runnable action) {
        context.runOnContext(now -> {
            changes[service * instances + instance]++;
            indexes[service] = ++index;
            action.run();
            wake(SERVICE + name(service));
            criticalIndex = index;
            wake(CRITICAL);
            wake(CHECKS);
        });
    }

    private void handle(HttpServerRequest request) {
        long wanted = number(request.getParam("index"));
        if (wanted == 0 || wanted < indexOf(request.path())) {
            respond(request);
            return;
        }
        long millis = number(request.getParam("wait").replace("ms", ""));
        long timer = vertx.setTimer(millis + random.nextLong(millis / 16 + 1), fired -> {
            waiting.get(request.path()).removeIf(each -> each.request == request);
            blocked.decrementAndGet();
            respond(request);
        });
        waiting.computeIfAbsent(request.path(), path -> new ArrayList<>()).add(new Waiting(request, wanted, timer));
        blocked.incrementAndGet();
    }

    private void wake(String path) {
        List<Waiting> all = waiting.remove(path);
        if (all != null) {
            for (Waiting each : all) {
                vertx.cancelTimer(each.timer);
                blocked.decrementAndGet();
                respond(each.request);
            }
        }
    }

    private void respond(HttpServerRequest request) {
        String path = request.path();
        request.response()
                .putHeader("X-Consul-Index", Long.toString(indexOf(path)))
                .putHeader("X-Consul-KnownLeader", "true")
                .putHeader("X-Consul-LastContact", "0")
                .putHeader("Content-Type", "application/json")
                .end(body(path));
    }

    private long indexOf(String path) {
        if (path.startsWith(SERVICE)) {
            return indexes[service(path)];
        }
        if (path.startsWith(STATE)) {
            // No check warns, and who waits for one is not woken by others.
            return path.equals(CHECKS) ? index : path.equals(CRITICAL) ? criticalIndex : 1_000;
        }
        // The catalog does not move with checks.
        return 1_000 + services;
    }

    private static int service(String path) {
        return Integer.parseInt(path.substring(path.lastIndexOf('-') + 1));
    }

    private String body(String path) {
        StringBuilder text = new StringBuilder();
        if (path.startsWith(SERVICE)) {
            for (int instance = 0; instance < instances; instance++) {
                text.append(instance == 0 ? "[" : ",").append(entry(service(path), instance));
            }
            return text.append(']').toString();
        }
        if (path.startsWith(STATE)) {
            return checks(path, text);
        }
        if (path.equals(CATALOG)) {
            for (int service = 0; service < services; service++) {
                String name = name(service);
                text.append(service == 0 ? "{" : ",").append('"').append(name).append("\":[\"http\",\"v1\"]");
            }
            return text.append('}').toString();
        }
        return path.endsWith("leader") ? "\"127.0.0.1:8300\"" : "{}";
    }

    private String checks(String path, StringBuilder text) {
        for (int n = 0; n < changes.length; n++) {
            boolean passing = changes[n] % 2 == 0;
            if (path.equals(CHECKS) || (path.equals(CRITICAL) && !passing)) {
                text.append(text.isEmpty() ? "[" : ",").append(check(n / instances, n % instances));
            }
        }
        return text.append(text.isEmpty() ? "[]" : "]").toString();
    }

    private String node(int service, int instance) {
        return "node-" + (service * instances + instance) / ON_A_NODE;
    }

    /** As long as Consul's own, but for the network's addresses of the node. */
    private String entry(int service, int instance) {
        int number = service * instances + instance;
        String address = "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255);
        return String.format(
                Locale.ROOT,
                "{\"Node\":{\"ID\":\"40e4a748-2192-161a-0510-%012d\",\"Node\":\"%s\",\"Address\":\"%s\",\"Datacenter\":\"dc1\"},"
                        + "\"Service\":{\"ID\":\"%s-%d\",\"Service\":\"%s\",\"Tags\":[\"http\",\"v1\"],\"Address\":\"%s\","
                        + "\"Meta\":{\"version\":\"1.2.3\",\"started\":\"2026-01-01T00:00:00Z\"},\"Port\":%d,"
                        + "\"Weights\":{\"Passing\":1,\"Warning\":1},\"EnableTagOverride\":false,\"CreateIndex\":12,\"ModifyIndex\":%d},"
                        + "\"Checks\":[%s]}",
                number,
                node(service, instance),
                address,
                name(service),
                instance,
                name(service),
                address,
                1024 + number % 60_000,
                indexes[service],
                check(service, instance));
    }

    private String check(int service, int instance) {
        int changed = changes[service * instances + instance];
        String id = name(service) + "-" + instance;
        return "{\"Node\":\"" + node(service, instance) + "\",\"CheckID\":\"service:" + id + "\",\"Name\":\"Service '"
                + name(service) + "' check\",\"Status\":\"" + (changed % 2 == 0 ? "passing" : "critical")
                + "\",\"Notes\":\"\",\"Output\":\"HTTP GET http://10.0.0.1:8080/health: 200 OK Output: ok\",\"ServiceID\":\"" + id
                + "\",\"ServiceName\":\"" + name(service) + "\",\"ServiceTags\":[\"http\",\"v1\"],\"Type\":\"http\","
                + "\"Definition\":{},\"CreateIndex\":12,\"ModifyIndex\":" + (1_000 + changed) + "}";
    }

    private static long number(String text) {
        return text == null ? 0 : Long.parseLong(text);
    }
}
