package dev.pointsman.bench;

import dev.pointsman.pick.RoundRobin;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Pool;
import dev.pointsman.registry.RegistryRequests;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.consul.ConsulAddress;
import dev.pointsman.registry.consul.ConsulRegistry;
import dev.pointsman.registry.consul.ConsulWatchOptions;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Registry clients and pools of many balancers over one {@link SimulatedConsul}: {@code BALANCERS SERVICES INSTANCES CHANGES
 * SECONDS SEED}. The instances are none, what follows them is what a balancer has. Prints what an instance takes on the heap (of
 * the first balancer's), how soon the first views and each change are in the pools, and what Consul is asked for: at the start,
 * with nothing to tell for some seconds, and for each change.
 */
public final class ScaleSimulation {
    private final Vertx vertx = Vertx.vertx();
    private final int balancers;
    private final int services;
    private final int instances;
    private final RandomGenerator random;
    private final List<ConsulRegistry> registries = new ArrayList<>();
    private final List<List<Pool>> pools = new ArrayList<>();
    private volatile CountDownLatch awaited = new CountDownLatch(0);
    private volatile Change expected = new Change(-1, 0);

    /** A change that is waited for. */
    private record Change(int service, int ready) {}

    private ScaleSimulation(int balancers, int services, int instances, long seed) {
        this.balancers = balancers;
        this.services = services;
        this.instances = instances;
        this.random = new SplittableRandom(seed);
    }

    public static void main(String[] args) throws Exception {
        int[] numbers = Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        new ScaleSimulation(numbers[0], numbers[1], numbers[2], numbers[5]).run(numbers[3], numbers[4]);
        Runtime.getRuntime().halt(0);
    }

    private void run(int changes, int seconds) throws Exception {
        SimulatedConsul consul = SimulatedConsul.start(vertx, services, instances, random);
        long before = usedHeap();
        long began = System.nanoTime();
        awaited = new CountDownLatch(balancers * services);
        for (int balancer = 0; balancer < balancers; balancer++) {
            follow(consul.port());
        }
        await("the first views", 300);
        say("first views of all: %.2f s", seconds(began));
        say("requests until then: %s", asked(Map.of()));
        awaitQuiet(consul);
        double held = usedHeap() - before;
        say(
                "heap that registry clients and pools hold: %.1f MB, %,.0f bytes an instance",
                held / 1e6, held / balancers / services / instances);
        quiet(seconds);
        change(consul, changes);
    }

    private void follow(int port) {
        ConsulRegistry registry =
                new ConsulRegistry(vertx, ConsulAddress.of("127.0.0.1", port), ConsulWatchOptions.DEFAULT);
        List<Pool> followed = new ArrayList<>();
        registries.add(registry);
        pools.add(followed);
        for (int service = 0; service < services; service++) {
            int number = service;
            Pool pool = new Pool(SimulatedConsul.name(service), new RoundRobin());
            followed.add(pool);
            registry.watch(pool.snapshot().target(), view -> viewed(number, pool, view));
        }
    }

    private void viewed(int service, Pool pool, ServiceView view) {
        pool.apply(view);
        Change change = expected;
        if (change.service < 0 || change.service == service && ready(pool) == change.ready) {
            awaited.countDown();
        }
    }

    private static int ready(Pool pool) {
        return (int) pool.snapshot().upstreams().stream()
                .filter(upstream -> upstream.availability() == Availability.READY)
                .count();
    }

    private void quiet(int seconds) throws InterruptedException {
        Map<String, long[]> before = counts();
        TimeUnit.SECONDS.sleep(seconds);
        Map<String, long[]> now = counts();
        long requests = total(now, 0) - total(before, 0);
        say(
                "with nothing to tell: %.1f requests/s, %.2f a balancer, %.1f kB/s: %s",
                (double) requests / seconds,
                (double) requests / seconds / balancers,
                (total(now, 1) - total(before, 1)) / 1e3 / seconds,
                asked(before));
    }

    /** One service of those that have a connection each, and one of those that share, in turn; where there are so many. */
    private void change(SimulatedConsul consul, int changes) throws InterruptedException {
        for (int service : services > 80 ? new int[] {0, services - 1} : new int[] {0}) {
            double[] millis = new double[changes];
            double[] requests = new double[changes];
            double[] bytes = new double[changes];
            for (int n = 0; n < changes; n++) {
                int instance = random.nextInt(instances);
                // There and back again, so that each begins with all of them ready.
                Map<String, long[]> before = counts();
                millis[n] = turn(consul, service, instance, instances - 1);
                TimeUnit.MILLISECONDS.sleep(500);
                Map<String, long[]> now = counts();
                requests[n] = (double) (total(now, 0) - total(before, 0)) / balancers;
                bytes[n] = (double) (total(now, 1) - total(before, 1)) / balancers;
                turn(consul, service, instance, instances);
                TimeUnit.MILLISECONDS.sleep(1500);
            }
            say(
                    "a change of %s, from Consul's knowing to the last balancer's pool: median %.1f ms, largest %.1f ms;"
                            + " a balancer asks %.1f times within half a second, what it does else included, and gets %.1f kB",
                    SimulatedConsul.name(service), median(millis), largest(millis), median(requests), median(bytes) / 1e3);
        }
    }

    private double turn(SimulatedConsul consul, int service, int instance, int ready) throws InterruptedException {
        awaited = new CountDownLatch(balancers);
        expected = new Change(service, ready);
        long[] at = new long[1];
        consul.change(service, instance, () -> at[0] = System.nanoTime());
        await("a change of " + SimulatedConsul.name(service), 90);
        return seconds(at[0]) * 1000;
    }

    private void await(String what, int seconds) throws InterruptedException {
        if (!awaited.await(seconds, TimeUnit.SECONDS)) {
            System.err.printf(
                    Locale.ROOT, "%s: %d of the pools did not see it within %d s%n", what, awaited.getCount(), seconds);
            Runtime.getRuntime().halt(1);
        }
    }

    /** Until every query waits: one more than services have connections, and two more where the rest shares. */
    private void awaitQuiet(SimulatedConsul consul) throws InterruptedException {
        long each = services > 80 ? 83 : services + 1;
        // With the list of all checks, which is read when there is time; half of its length is not waited for in vain.
        long read = services > 80 ? 150L * balancers * services * instances : 0;
        for (int n = 0; n < 600 && (consul.blocked() < each * balancers || counts().get("checks")[1] < read); n++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private Map<String, long[]> counts() {
        Map<String, long[]> counts = new TreeMap<>();
        for (ConsulRegistry registry : registries) {
            for (RegistryRequests one : registry.requests()) {
                long[] sum = counts.computeIfAbsent(one.kind(), kind -> new long[2]);
                sum[0] += one.requests();
                sum[1] += one.receivedBytes();
            }
        }
        return counts;
    }

    private static long total(Map<String, long[]> counts, int which) {
        return counts.values().stream().mapToLong(each -> each[which]).sum();
    }

    private String asked(Map<String, long[]> before) {
        List<String> parts = new ArrayList<>();
        counts().forEach((kind, now) -> {
            long[] then = before.getOrDefault(kind, new long[2]);
            if (now[0] > then[0]) {
                parts.add(String.format(
                        Locale.ROOT, "%s %,d (%.1f MB)", kind, now[0] - then[0], (now[1] - then[1]) / 1e6));
            }
        });
        return String.join(", ", parts);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static void say(String form, Object... values) {
        System.out.printf(Locale.ROOT, form + "%n", values);
    }

    private static long usedHeap() throws InterruptedException {
        for (int n = 0; n < 4; n++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
