package dev.pointsman.registry.embedded;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The running checks of the agent: HTTP and TCP ones at their interval, TTL ones waiting for heartbeats. A service whose
 * check stays critical for too long is deregistered. Not thread-safe; the timers, the random source and the prober are
 * handed in.
 */
final class Checks {
    /** The agent, as its checks see it. */
    interface CheckedAgent {
        /** The status of a check at this moment, or null when it is gone. */
        @Nullable
        CheckStatus status(String checkId);

        /** A check has a new result, perhaps the same as before. */
        void report(String checkId, CheckStatus status, String output);

        /** A check was critical for longer than its service allows. */
        void abandon(String serviceId, String checkId);
    }

    private final CheckedAgent agent;
    private final Prober prober;
    private final Timers timers;
    private final RandomGenerator random;
    private final Duration minDeregisterAfter;
    private final Duration minInterval;
    private final Map<String, RunningCheck> running = new HashMap<>();

    /**
     * Runs nothing yet.
     *
     * @param minDeregisterAfter what a shorter {@code DeregisterCriticalServiceAfter} is raised to; Consul's is 1 m
     * @param minInterval what a shorter {@code Interval} is raised to; Consul's is 1 s
     */
    Checks(
            CheckedAgent agent,
            Prober prober,
            Timers timers,
            RandomGenerator random,
            Duration minDeregisterAfter,
            Duration minInterval) {
        this.agent = agent;
        this.prober = prober;
        this.timers = timers;
        this.random = random;
        this.minDeregisterAfter = minDeregisterAfter;
        this.minInterval = minInterval;
    }

    private final class RunningCheck {
        private final CheckDefinition check;
        private Timers.@Nullable PendingTask next;
        private Timers.@Nullable PendingTask abandonment;
        private int failures;
        private int successes;
        private boolean stopped;

        RunningCheck(CheckDefinition check) {
            this.check = check;
        }

        void start() {
            switch (check.kind()) {
                case HTTP, TCP -> {
                    // A random start spreads the checks of services that were registered together.
                    long interval = Math.max(1, interval().toMillis());
                    next = timers.in(Duration.ofMillis(random.nextLong(interval)), this::run);
                }
                case TTL -> next = timers.in(check.ttl(), this::expire);
                case GRPC, ALIAS -> {}
            }
            watchForAbandonment();
        }

        void stop() {
            stopped = true;
            cancel(next);
            cancel(abandonment);
        }

        private void run() {
            prober.probe(check, result -> {
                if (!stopped) {
                    judge(result);
                    next = timers.in(interval(), this::run);
                }
            });
        }

        /** Critical and not critical take effect only after so many in a row. */
        private void judge(Prober.ProbeResult result) {
            boolean failed = result.status() == CheckStatus.CRITICAL;
            failures = failed ? failures + 1 : 0;
            successes = failed ? 0 : successes + 1;
            if (failed ? failures >= check.failuresBeforeCritical() : successes >= check.successBeforePassing()) {
                report(result.status(), result.output());
            }
        }

        void heartbeat(CheckStatus status, String output) {
            cancel(next);
            next = timers.in(check.ttl(), this::expire);
            report(status, output);
        }

        private void expire() {
            report(CheckStatus.CRITICAL, "TTL expired");
        }

        private void report(CheckStatus status, String output) {
            agent.report(check.id(), status, output);
            watchForAbandonment();
        }

        /** The time runs from when the check became critical, and stops when it no longer is. */
        private void watchForAbandonment() {
            if (agent.status(check.id()) != CheckStatus.CRITICAL) {
                cancel(abandonment);
                abandonment = null;
            } else if (abandonment == null && !check.deregisterAfter().isZero()) {
                Duration after = max(check.deregisterAfter(), minDeregisterAfter);
                abandonment = timers.in(after, () -> agent.abandon(check.serviceId(), check.id()));
            }
        }

        private Duration interval() {
            return max(check.interval(), minInterval);
        }
    }

    /**
     * Starts a check, in place of the one with the same id. An HTTP or TCP check that runs already with the same
     * definition goes on in its own rhythm: a service that registers often must not keep its check from ever running.
     */
    void start(CheckDefinition check) {
        RunningCheck known = running.get(check.id());
        boolean probed =
                check.kind() == CheckDefinition.CheckKind.HTTP || check.kind() == CheckDefinition.CheckKind.TCP;
        if (probed && known != null && known.check.equals(check)) {
            return;
        }
        stop(check.id());
        RunningCheck started = new RunningCheck(check);
        running.put(check.id(), started);
        started.start();
    }

    void stop(String checkId) {
        RunningCheck known = running.remove(checkId);
        if (known != null) {
            known.stop();
        }
    }

    /** A heartbeat for a TTL check; false if there is no TTL check of that id. */
    boolean heartbeat(String checkId, CheckStatus status, String output) {
        RunningCheck known = running.get(checkId);
        if (known == null || known.check.kind() != CheckDefinition.CheckKind.TTL) {
            return false;
        }
        known.heartbeat(status, output);
        return true;
    }

    /** How many checks of that kind are running. */
    long count(CheckDefinition.CheckKind kind) {
        return running.values().stream().filter(one -> one.check.kind() == kind).count();
    }

    void stopAll() {
        running.values().forEach(RunningCheck::stop);
        running.clear();
    }

    private static void cancel(Timers.@Nullable PendingTask timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
