package dev.pointsman.balancer.health;

import dev.pointsman.balancer.http.UpstreamTransport;
import dev.pointsman.balancer.route.HealthCheck;
import dev.pointsman.balancer.tls.UpstreamTls;
import dev.pointsman.registry.Watch;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The balancer's own checks of instances: each is asked for a path again and again, and one that fails is critical in the
 * views that pools get. Thread-safe; everything happens on one event loop, at most {@value #PARALLEL} checks at a time.
 *
 * <p>An instance that several pools check by the same rule is checked once for all of them. It is not checked while it is in
 * maintenance. The worse of the registry's finding and this one counts.
 */
public final class ActiveHealthChecks implements AutoCloseable {
    /** How many checks are under way at a time: as many as fit into the descriptors kept in reserve of the usual 1024. */
    public static final int PARALLEL = 64;

    private final CheckLoop loop;
    private final HealthClient client;
    private final RandomGenerator random;
    private final Clock clock;
    private final CheckQueue queue = new CheckQueue(PARALLEL);
    /** By address, then by what else makes a subject. */
    private final Map<String, Map<CheckSubject, InstanceChecks>> running = new HashMap<>();

    private final List<CheckedWatch> watches = new ArrayList<>();
    private boolean closed;

    /**
     * Checks that are run by the given means.
     *
     * @param random for the time of each first check; used on the loop alone
     */
    ActiveHealthChecks(CheckLoop loop, HealthClient client, RandomGenerator random, Clock clock) {
        this.loop = loop;
        this.client = client;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Checks on one of the event loops of the control plane.
     *
     * @param tls what those over TLS are secured by now
     */
    public static ActiveHealthChecks on(Vertx control, Supplier<UpstreamTls> tls) {
        VertxCheckLoop loop = new VertxCheckLoop(control);
        return new ActiveHealthChecks(
                loop, new VertxHealthClient(control, tls), new SplittableRandom(), Clock.systemUTC());
    }

    /**
     * A source of the same instances, in which those are critical that fail the checks. Its first view does not wait for a
     * check.
     *
     * @param transport how the instances are spoken to
     */
    public InstanceSource checked(InstanceSource source, HealthCheck rule, UpstreamTransport transport) {
        return listener -> {
            CheckedWatch watch = new CheckedWatch(this, loop, rule, transport, listener);
            loop.run(() -> begin(watch));
            Watch followed = source.follow(watch::take);
            watch.follows(followed);
            return watch;
        };
    }

    private void begin(CheckedWatch watch) {
        if (closed) {
            watch.close();
        } else {
            watches.add(watch);
        }
    }

    /** The checks of a subject, begun if they were not under way yet. On the loop. */
    InstanceChecks listen(CheckSubject subject, Runnable listener) {
        Map<CheckSubject, InstanceChecks> there = running.computeIfAbsent(subject.authority(), none -> new HashMap<>());
        InstanceChecks checks = there.get(subject);
        if (checks == null) {
            CheckHistory known = known(subject, there.values());
            checks = new InstanceChecks(subject, known, loop, queue, client, clock);
            there.put(subject, checks);
            checks.begin(random);
        }
        checks.listen(listener);
        return checks;
    }

    /** What checks by another rule that asks for the same have found: a route whose interval changes keeps it. */
    private static CheckHistory known(CheckSubject subject, Collection<InstanceChecks> others) {
        return others.stream()
                .filter(other -> other.subject().rule().asksTheSameAs(subject.rule())
                        && other.subject().transport().equals(subject.transport()))
                .findFirst()
                .map(other -> new CheckHistory(other.history()))
                .orElseGet(CheckHistory::new);
    }

    /** Ends the checks if nobody else needs them. On the loop. */
    void leave(InstanceChecks checks, Runnable listener) {
        if (!checks.leave(listener)) {
            return;
        }
        checks.end();
        CheckSubject subject = checks.subject();
        Map<CheckSubject, InstanceChecks> there = running.getOrDefault(subject.authority(), new HashMap<>());
        there.remove(subject, checks);
        if (there.isEmpty()) {
            running.remove(subject.authority());
        }
    }

    /** Notes that a watch is closed. On the loop. */
    void forget(CheckedWatch watch) {
        watches.remove(watch);
    }

    /** How many subjects are checked. On the loop. */
    int size() {
        return running.values().stream().mapToInt(Map::size).sum();
    }

    /** Ends all checks, and every watch: no timer is left, and nothing is published any more. Idempotent. */
    @Override
    public void close() {
        loop.run(() -> {
            if (!closed) {
                closed = true;
                List.copyOf(watches).forEach(CheckedWatch::close);
                client.close();
            }
        });
    }
}
