package dev.pointsman.pool;

import static org.awaitility.Awaitility.await;

import dev.pointsman.pick.RoundRobin;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulRegistry;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import dev.pointsman.testkit.ConsulUnderTest;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Not a test: what following many services takes, with a real Consul. Arguments: services, instances of each. Prints the
 * heap after a collection with and without the registry and its pools, and the time from a change (its PUT begins) to the
 * view, for a service with a connection of its own and for one that shares.
 */
public final class ScaleMeasurement {
    private static final int CHANGES = 40;

    private final PrintStream out;
    private final int services;
    private final int instances;
    private final ConsulUnderTest consul = ConsulUnderTest.launch();
    private final AtomicReferenceArray<ServiceView> views;

    private ScaleMeasurement(PrintStream out, int services, int instances) {
        this.out = out;
        this.services = services;
        this.instances = instances;
        this.views = new AtomicReferenceArray<>(services);
    }

    public static void main(String[] arguments) {
        new ScaleMeasurement(System.out, Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])).run();
    }

    private void run() {
        Vertx vertx = Vertx.vertx();
        try (ConsulRegistry registry =
                new ConsulRegistry(vertx, ConsulAddress.of("127.0.0.1", consul.port()), ConsulWatchOptions.DEFAULT)) {
            long begun = System.nanoTime();
            for (int n = 0; n < services; n++) {
                for (int i = 0; i < instances; i++) {
                    put(n, i, "passing");
                }
            }
            out.printf("registered in %.1f s%n", seconds(begun));
            long before = usedHeap();
            List<Pool> pools = follow(registry);
            long after = usedHeap();
            out.printf(
                    "%d services, %d instances: %.1f MB of heap%n",
                    pools.size(), services * instances, (after - before) / 1e6);
            measure("a connection of its own", 0);
            measure("shared connections", services - 1);
        } finally {
            vertx.close().await();
            consul.close();
        }
    }

    private List<Pool> follow(ConsulRegistry registry) {
        long begun = System.nanoTime();
        List<Pool> pools = new ArrayList<>();
        for (int n = 0; n < services; n++) {
            int number = n;
            Pool pool = new Pool("s" + n, new RoundRobin());
            pools.add(pool);
            registry.watch("s" + n, view -> {
                pool.apply(view);
                views.set(number, view);
            });
        }
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofMinutes(2))
                .until(() -> IntStream.range(0, services).allMatch(n -> views.get(n) != null));
        out.printf("first views of all after %.2f s%n", seconds(begun));
        return pools;
    }

    private void measure(String how, int service) {
        double[] millis = new double[CHANGES];
        for (int change = 0; change < CHANGES; change++) {
            String status = change % 2 == 0 ? "warning" : "passing";
            long begun = System.nanoTime();
            put(service, 0, status);
            while (!healthOfFirst(service).equals(status)) {
                Thread.onSpinWait();
            }
            millis[change] = seconds(begun) * 1000;
            await().pollDelay(Duration.ofMillis(600)).until(() -> true);
        }
        Arrays.sort(millis);
        out.printf(
                "%s: from the change to the view %.1f ms (median), %.1f ms (the slowest of %d)%n",
                how, millis[CHANGES / 2], millis[CHANGES - 1], CHANGES);
    }

    private String healthOfFirst(int service) {
        for (Instance instance : views.get(service).instances()) {
            if (instance.key().id().equals("s" + service + "-0")) {
                return instance.health().name().toLowerCase(Locale.ROOT);
            }
        }
        return "";
    }

    private void put(int service, int instance, String status) {
        String id = "s" + service + "-" + instance;
        consul.http()
                .put(
                        "/v1/catalog/register",
                        ("{'Node':'node-%d','Address':'10.0.0.%d','SkipNodeUpdate':true,'Service':{'ID':'%s','Service':'s%d',"
                                        + "'Port':%d,'Tags':['http','v1'],'Meta':{'version':'1.2.3','started':'2026-01-01T00:00:00Z'}},"
                                        + "'Check':{'CheckID':'service:%s','Name':'Service check','ServiceID':'%s','Status':'%s',"
                                        + "'Output':'HTTP GET http://10.0.0.1:8080/health: 200 OK Output: ok'}}")
                                .formatted(instance, instance, id, service, 1024 + service, id, id, status)
                                .replace('\'', '"'));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static long usedHeap() {
        for (int n = 0; n < 5; n++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
