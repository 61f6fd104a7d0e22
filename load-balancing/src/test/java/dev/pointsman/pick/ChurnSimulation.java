package dev.pointsman.pick;

import dev.pointsman.pick.SimulatedService.Member;
import dev.pointsman.pick.SimulatedService.State;
import dev.pointsman.pool.Attempt;
import dev.pointsman.pool.Availability;
import dev.pointsman.pool.Outcome;
import dev.pointsman.pool.PickPolicy;
import dev.pointsman.pool.Pool;
import dev.pointsman.pool.PoolOptions;
import dev.pointsman.pool.PoolSnapshot;
import dev.pointsman.pool.PoolTime;
import dev.pointsman.pool.Upstream;
import dev.pointsman.registry.Health;
import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A balancer's day with one service, event by event on a clock of its own: requests come in bursts and are tried until one
 * gets a response, instances come, go, crash, hang and recover, and the registry hears of it seconds later. After each pick it
 * checks what a pick has to keep.
 */
final class ChurnSimulation {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int LARGEST = 12;

    private record Event(long at, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
        }
    }

    private final ManualTime time = new ManualTime();
    private final SplittableRandom random;
    private final SimulatedService service;
    private final PickPolicy policy;
    private final PoolOptions options;
    private final Pool pool;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<String> broken = new ArrayList<>();
    private final Set<Upstream> seen = new HashSet<>();
    private final Map<Upstream, Attempt> probes = new HashMap<>();
    private final List<TestRequest> clients = IntStream.range(0, 200)
            .mapToObj(i -> new TestRequest("client " + i))
            .toList();
    private long now;
    private long scheduled;
    private int requests;
    private int changes;
    private int unserved;

    ChurnSimulation(PickPolicy policy, PoolOptions options, long seed) {
        this.random = new SplittableRandom(seed);
        this.service = new SimulatedService(random.split());
        this.policy = policy;
        this.options = options;
        this.pool = new Pool("svc", policy, options, new PoolTime(time::nanos, time::instant), change -> {});
    }

    void run() {
        for (int i = 0; i < 5; i++) {
            service.join();
        }
        tell();
        in(0, this::burst);
        in(0, this::churn);
        while (now < DAY) {
            step();
        }
    }

    /** Lets what is under way come to its end. */
    void finish() {
        events.removeIf(event -> event.at() > DAY + Duration.ofMinutes(1).toMillis());
        while (!events.isEmpty()) {
            step();
        }
    }

    private void step() {
        Event next = events.remove();
        time.pass(Duration.ofMillis(next.at() - now));
        now = next.at();
        next.what().run();
    }

    private void in(long millis, Runnable what) {
        events.add(new Event(now + millis, scheduled++, what));
    }

    private void tell() {
        changes++;
        pool.apply(service.view());
    }

    private void burst() {
        int size = 1 + random.nextInt(40);
        for (int i = 0; i < size; i++) {
            requests++;
            attempt(new ArrayList<>(), clients.get(random.nextInt(200)));
        }
        if (now < DAY) {
            in(random.nextInt(20_000), this::burst);
        }
    }

    private void attempt(List<Upstream> tried, TestRequest request) {
        PoolSnapshot snapshot = pool.snapshot();
        Attempt attempt = snapshot.begin(tried, request, false);
        if (attempt == null) {
            if (couldServe(snapshot, tried)) {
                unserved++;
            }
            return;
        }
        Upstream upstream = attempt.upstream();
        seen.add(upstream);
        check(snapshot, attempt, tried);
        Member member = service.get(upstream.key());
        State state = member == null ? State.CRASHED : member.state;
        switch (state) {
            case CRASHED -> in(1, () -> failed(attempt, Outcome.CONNECT_FAILED, tried, request));
            case HANGING -> in(2_000, () -> failed(attempt, Outcome.TIMED_OUT, tried, request));
            case WELL -> in(5 + random.nextInt(400), () -> end(attempt, someOutcome()));
        }
    }

    private Outcome someOutcome() {
        int dice = random.nextInt(100);
        return dice < 2 ? Outcome.UNDECIDED : dice < 5 ? Outcome.ERROR_STATUS : Outcome.RESPONDED;
    }

    private void failed(Attempt attempt, Outcome outcome, List<Upstream> tried, TestRequest request) {
        end(attempt, outcome);
        tried.add(attempt.upstream());
        attempt(tried, request);
    }

    private void end(Attempt attempt, Outcome outcome) {
        probes.remove(attempt.upstream(), attempt);
        attempt.end(outcome);
    }

    /** Where a healthy one is only full, a request is to wait for that rather than to try its luck elsewhere. */
    private boolean couldServe(PoolSnapshot snapshot, List<Upstream> tried) {
        boolean worthWaiting = snapshot.ready().stream()
                .anyMatch(one -> !tried.contains(one) && one.availability() == Availability.READY);
        List<Upstream> candidates = worthWaiting ? snapshot.ready() : snapshot.upstreams();
        return candidates.stream()
                .filter(upstream -> !tried.contains(upstream) && upstream.hasRoom())
                .map(upstream -> service.get(upstream.key()))
                .anyMatch(
                        member -> member != null && member.state == State.WELL && member.health != Health.MAINTENANCE);
    }

    private void check(PoolSnapshot snapshot, Attempt attempt, List<Upstream> tried) {
        Upstream picked = attempt.upstream();
        Availability availability = picked.availability();
        promise(snapshot.upstreams().contains(picked), () -> "picked " + picked + ", which the snapshot does not have");
        promise(availability.compareTo(Availability.MAINTENANCE) < 0, () -> "picked " + picked + ": " + availability);
        promise(!tried.contains(picked), () -> "picked " + picked + ", which was tried");
        if (!snapshot.failOpen() && tried.isEmpty()) {
            promise(snapshot.ready().contains(picked), () -> "picked " + picked + ", which is not ready");
        }
        if (availability == Availability.PROBING && !snapshot.failOpen()) {
            promise(probes.putIfAbsent(picked, attempt) == null, () -> "a second probe of " + picked);
        }
        promise(
                options.maxInFlight() == 0 || picked.inFlight() <= options.maxInFlight(),
                () -> picked + " is over its limit");
        if (policy instanceof RoundRobin && tried.isEmpty() && isEven(snapshot)) {
            int total = 0;
            for (Upstream upstream : snapshot.ready()) {
                total += upstream.inFlight();
            }
            int carried = total;
            double share = Math.ceil(1.25 * total / snapshot.ready().size());
            promise(picked.inFlight() <= share, () -> picked + " carries " + picked.inFlight() + " of " + carried);
        }
    }

    /** Whether all ready ones may take their share: none has a limit, starts slowly or takes one request at a time. */
    private boolean isEven(PoolSnapshot snapshot) {
        if (options.maxInFlight() > 0 || !options.slowStart().isZero()) {
            return false;
        }
        for (Upstream upstream : snapshot.ready()) {
            if (upstream.availability() == Availability.PROBING) {
                return false;
            }
        }
        return true;
    }

    private void promise(boolean kept, Supplier<String> otherwise) {
        if (!kept && broken.size() < 20) {
            broken.add("at " + now + " ms: " + otherwise.get());
        }
    }

    private void churn() {
        switch (random.nextInt(10)) {
            case 0, 1 -> join();
            case 2 -> leave();
            case 3, 4 -> crash(service.any());
            case 5, 6 -> hang(service.any());
            case 7 -> maintain(service.any());
            case 8 -> reweigh(service.any());
            default -> catastrophe();
        }
        if (now < DAY) {
            in(20_000 + random.nextInt(80_000), this::churn);
        }
    }

    private void join() {
        if (service.size() < LARGEST) {
            service.join();
            tell();
        }
    }

    private void leave() {
        if (service.size() > 2) {
            service.leave(service.any());
            tell();
        }
    }

    /** As by kill -9: the registry hears of it by its check, and forgets it if it does not come back at its address. */
    private void crash(Member member) {
        member.state = State.CRASHED;
        in(10_000, () -> hears(member, Health.CRITICAL));
        if (random.nextBoolean()) {
            in(5_000 + random.nextInt(30_000), () -> restart(member));
        } else {
            in(70_000, () -> {
                if (service.size() > 2) {
                    service.leave(member);
                    tell();
                } else {
                    restart(member);
                }
            });
        }
    }

    private void restart(Member member) {
        member.state = State.WELL;
        member.started++;
        in(random.nextInt(5_000), () -> hears(member, Health.PASSING));
    }

    private void hears(Member member, Health health) {
        if (service.has(member) && member.health != Health.MAINTENANCE) {
            member.health = health == Health.CRITICAL && member.state == State.WELL ? Health.PASSING : health;
            tell();
        }
    }

    /** For longer than its check, or not: then the registry never hears of it. */
    private void hang(Member member) {
        if (member.state == State.WELL) {
            member.state = State.HANGING;
            in(5_000 + random.nextInt(60_000), () -> {
                if (member.state == State.HANGING) {
                    member.state = State.WELL;
                }
            });
        }
    }

    private void maintain(Member member) {
        if (member.health == Health.PASSING && service.size() > 2) {
            member.health = Health.MAINTENANCE;
            tell();
            in(30_000, () -> {
                member.health = Health.PASSING;
                tell();
            });
        }
    }

    private void reweigh(Member member) {
        member.weight = 1 + random.nextInt(10);
        tell();
    }

    private void catastrophe() {
        if (random.nextInt(10) == 0) {
            service.members().forEach(this::crash);
        }
    }

    Pool pool() {
        return pool;
    }

    List<String> broken() {
        return broken;
    }

    Set<Upstream> seen() {
        return seen;
    }

    int requests() {
        return requests;
    }

    int changes() {
        return changes;
    }

    int unserved() {
        return unserved;
    }
}
