package dev.pointsman.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.pick.NearestFirst;
import dev.pointsman.pick.RoundRobin;
import dev.pointsman.registry.Health;
import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.ServiceView;
import dev.pointsman.registry.Weights;
import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A pool on which everything happens at a time, with counts of its own to compare the pool's with. */
final class StressedPool {
    private static final int LIMIT = 2;
    private static final int INSTANCES = 9;
    private static final int MOST_HELD = 3;
    private static final Outcome[] OUTCOMES = Outcome.values();

    private final ManualTime time = new ManualTime();
    private final Pool pool;
    private final SplittableRandom seeds;
    private final SplittableRandom registry;
    private final Map<String, Instance> listed = new ConcurrentHashMap<>();
    private final Map<Upstream, Tally> tallies = new ConcurrentHashMap<>();
    private final Map<Probe, AtomicInteger> probes = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final LongAdder probed = new LongAdder();
    private final LongAdder overtaken = new LongAdder();
    private int restarts;

    /** What was done to one upstream, by the counts of the test. */
    private static final class Tally {
        /** Counted after an attempt has begun and before it ends, so that it is never more than there is. */
        final AtomicInteger held = new AtomicInteger();

        final LongAdder begun = new LongAdder();
        final LongAdder failed = new LongAdder();
    }

    /** The probe of one time of probing. */
    private record Probe(Upstream upstream, int epoch) {}

    StressedPool(long seed) {
        seeds = new SplittableRandom(seed);
        registry = seeds.split();
        OutlierOptions outliers = OutlierOptions.DEFAULT
                .withErrorStatuses(4)
                .withTimes(Duration.ofSeconds(1), Duration.ofSeconds(4))
                .withMaxPercent(60);
        PoolOptions options = PoolOptions.DEFAULT
                .withOutliers(outliers)
                .withSlowStart(Duration.ofSeconds(20))
                .withMaxInFlight(LIMIT);
        pool = new Pool(
                "svc",
                new NearestFirst(upstream -> upstream.instance().port() % 2, RoundRobin::new, 3),
                options,
                new PoolTime(time::nanos, time::instant),
                change -> {});
        for (int i = 0; i < INSTANCES; i++) {
            listed.put("i" + i, instance("i" + i));
        }
        apply();
    }

    /** Makes it likelier that another thread comes in between, or gets on with what is waited for; nothing is right only by it. */
    @SuppressWarnings("ThreadPriorityCheck")
    static void letOthersGoOn() {
        Thread.yield();
    }

    Pool pool() {
        return pool;
    }

    Queue<String> violations() {
        return violations;
    }

    private Instance instance(String id) {
        int kind = registry.nextInt(12);
        Health health = kind == 0 ? Health.CRITICAL : kind == 1 ? Health.MAINTENANCE : Health.PASSING;
        return instance(id, 1 + registry.nextInt(3), restarts, kind == 2 ? Health.WARNING : health);
    }

    private static Instance instance(String id, int weight, int started, Health health) {
        return new Instance(
                new InstanceKey("n1", id),
                "svc",
                "127.0.0.1",
                1000 + Integer.parseInt(id.substring(1)),
                List.of("svc"),
                Map.of("started", Integer.toString(started)),
                new Weights(weight, 1),
                health,
                "");
    }

    /** An instance joins, leaves, is restarted, or has another weight or health. For one thread. */
    void applyNextView() {
        String id = "i" + registry.nextInt(INSTANCES);
        int what = registry.nextInt(4);
        if (!listed.containsKey(id)) {
            listed.put(id, instance(id));
        } else if (what == 0 && listed.size() > 3) {
            listed.remove(id);
        } else {
            restarts += what == 1 ? 1 : 0;
            listed.put(id, instance(id));
        }
        apply();
    }

    private void apply() {
        pool.apply(new ServiceView("svc", List.copyOf(listed.values())));
    }

    /** The callers of a stress, each with a seed of its own. */
    List<Caller> callers(int count) {
        return Stream.generate(this::caller).limit(count).toList();
    }

    private Caller caller() {
        return new Caller(seeds.split());
    }

    private Tally tally(Upstream upstream) {
        return tallies.computeIfAbsent(upstream, none -> new Tally());
    }

    private void expect(boolean holds, String what, Upstream upstream) {
        if (!holds) {
            violations.add(what + ": " + upstream);
        }
    }

    /** One that sends requests, with some of them under way at a time. */
    final class Caller {
        private final SplittableRandom random;
        private final Deque<Attempt> held = new ArrayDeque<>();

        private Caller(SplittableRandom random) {
            this.random = random;
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                if (held.size() < MOST_HELD && random.nextBoolean()) {
                    begin();
                } else if (!held.isEmpty()) {
                    end(random.nextBoolean() ? held.removeFirst() : held.removeLast());
                }
                if (random.nextInt(100) == 0) {
                    time.pass(Duration.ofMillis(random.nextInt(400)));
                }
            }
        }

        void endAll() {
            while (!held.isEmpty()) {
                end(held.removeFirst());
            }
        }

        private void begin() {
            PoolSnapshot snapshot = pool.snapshot();
            List<Upstream> tried = tried(snapshot);
            if (random.nextInt(8) == 0) {
                // Others go on, and so does the registry, between what is read and what is begun by it.
                letOthersGoOn();
            }
            List<Upstream> left = snapshot.upstreams().stream()
                    .filter(upstream -> upstream.availability() == Availability.GONE)
                    .toList();
            Attempt attempt = snapshot.begin(tried, RequestFacts.NONE, random.nextInt(4) == 0);
            if (!left.isEmpty()) {
                overtaken.increment();
            }
            if (attempt != null) {
                expect(!left.contains(attempt.upstream()), "begun on one that had left", attempt.upstream());
                begun(attempt);
            }
        }

        private List<Upstream> tried(PoolSnapshot snapshot) {
            List<Upstream> ready = snapshot.ready();
            return ready.isEmpty() || random.nextInt(4) > 0
                    ? List.of()
                    : List.of(ready.get(random.nextInt(ready.size())));
        }

        private void begun(Attempt attempt) {
            Upstream upstream = attempt.upstream();
            Tally tally = tally(upstream);
            tally.begun.increment();
            expect(tally.held.incrementAndGet() <= LIMIT, "more than the limit in flight", upstream);
            if (attempt.isProbe()) {
                probed.increment();
                expect(probe(attempt).incrementAndGet() == 1, "two probes at a time", upstream);
            }
            int inFlight = pool.inFlightOn(upstream.key().node(), upstream.key().id());
            expect(inFlight >= 1, "in flight, and counted nowhere", upstream);
            held.addLast(attempt);
        }

        private AtomicInteger probe(Attempt attempt) {
            return probes.computeIfAbsent(new Probe(attempt.upstream(), attempt.epoch()), none -> new AtomicInteger());
        }

        private void end(Attempt attempt) {
            Outcome outcome = random.nextInt(3) == 0 ? OUTCOMES[random.nextInt(OUTCOMES.length)] : Outcome.RESPONDED;
            if (outcome == Outcome.RESPONDED || outcome == Outcome.ERROR_STATUS) {
                attempt.responseBegan(outcome);
            }
            Tally tally = tally(attempt.upstream());
            if (outcome.isFailure()) {
                tally.failed.increment();
            }
            if (attempt.isProbe()) {
                probe(attempt).decrementAndGet();
            }
            tally.held.decrementAndGet();
            attempt.end(outcome);
            // Every way out of a request ends its attempt; only the first one counts.
            attempt.end(Outcome.BROKEN);
        }
    }

    /** Compares all counts, while nobody calls. */
    void expectExactCounts(String when) {
        long held = 0;
        long begun = 0;
        long failed = 0;
        for (Map.Entry<Upstream, Tally> one : tallies.entrySet()) {
            Upstream upstream = one.getKey();
            Tally tally = one.getValue();
            assertThat(upstream.inFlight())
                    .as("in flight on %s %s", upstream, when)
                    .isEqualTo(tally.held.get());
            assertThat(upstream.picks()).as("picks of %s %s", upstream, when).isEqualTo(tally.begun.sum());
            assertThat(upstream.failures())
                    .as("failures of %s %s", upstream, when)
                    .isEqualTo(tally.failed.sum());
            held += tally.held.get();
            begun += tally.begun.sum();
            failed += tally.failed.sum();
        }
        assertThat(pool.statistics().inFlight()).as("in flight %s", when).isEqualTo((int) held);
        assertThat(pool.statistics().picks()).as("picks %s", when).isEqualTo(begun);
        assertThat(pool.statistics().failures()).as("failures %s", when).isEqualTo(failed);
        for (int i = 0; i < INSTANCES; i++) {
            String id = "i" + i;
            assertThat(pool.inFlightOn("n1", id))
                    .as("in flight on all %s %s", id, when)
                    .isEqualTo(heldOn(id));
        }
    }

    private int heldOn(String id) {
        return tallies.entrySet().stream()
                .filter(one -> one.getKey().key().id().equals(id))
                .mapToInt(one -> one.getValue().held.get())
                .sum();
    }

    /** A stress in which nothing was ejected, or nobody met an instance that had left, would prove nothing about these. */
    void expectThatEverythingHappened() {
        assertThat(pool.statistics().ejections()).as("ejections").isGreaterThan(10);
        assertThat(probed.sum()).as("probes").isGreaterThan(10);
        assertThat(tallies).as("upstreams").hasSizeGreaterThan(2 * INSTANCES);
        assertThat(tallies.keySet()).as("failures").anyMatch(upstream -> upstream.failures() > 0);
        assertThat(overtaken.sum()).as("requests that a view overtook").isPositive();
    }

    /** No probe was lost: each upstream serves again once it responds. */
    void expectThatAllComeBack() {
        List<String> ids = new ArrayList<>(listed.keySet());
        pool.apply(new ServiceView(
                "svc",
                ids.stream().map(id -> instance(id, 1, -1, Health.PASSING)).toList()));
        for (int i = 0; i < 10; i++) {
            time.passSeconds(30);
            Stream.generate(() -> pool.snapshot().begin(List.of(), RequestFacts.NONE, false))
                    .limit(2L * INSTANCES)
                    .toList()
                    .forEach(StressedPool::respond);
        }
        assertThat(pool.snapshot().upstreams())
                .allSatisfy(upstream -> assertThat(upstream.availability()).isEqualTo(Availability.READY));
    }

    private static void respond(@Nullable Attempt attempt) {
        if (attempt != null) {
            attempt.responseBegan(Outcome.RESPONDED);
            attempt.end(Outcome.RESPONDED);
        }
    }
}
