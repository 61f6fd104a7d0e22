package dev.pointsman.balancer.health;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The checks of one subject: one after the other, at the rule's interval, for as long as somebody listens. Confined to the
 * loop.
 */
final class InstanceChecks {
    /** The first check comes within this time (or the interval, if that is less), so that not all instances are asked at once. */
    private static final Duration FIRST_WITHIN = Duration.ofSeconds(1);

    private final CheckSubject subject;
    private final CheckHistory history;
    private final CheckLoop loop;
    private final CheckQueue queue;
    private final HealthClient client;
    private final Clock clock;
    private final Set<Runnable> listeners = new LinkedHashSet<>();
    private CheckLoop.@Nullable CheckTimer next;
    private boolean ended;

    InstanceChecks(
            CheckSubject subject,
            CheckHistory history,
            CheckLoop loop,
            CheckQueue queue,
            HealthClient client,
            Clock clock) {
        this.subject = subject;
        this.history = history;
        this.loop = loop;
        this.queue = queue;
        this.client = client;
        this.clock = clock;
    }

    CheckSubject subject() {
        return subject;
    }

    CheckHistory history() {
        return history;
    }

    void begin(RandomGenerator random) {
        long within = Math.min(FIRST_WITHIN.toNanos(), subject.rule().interval().toNanos());
        schedule(Duration.ofNanos(random.nextLong(within)));
    }

    /** Has the listener called after each change of the history. */
    void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** Calls the listener no more; true if nobody else listens. */
    boolean leave(Runnable listener) {
        listeners.remove(listener);
        return listeners.isEmpty();
    }

    void end() {
        ended = true;
        if (next != null) {
            next.cancel();
        }
    }

    private void schedule(Duration time) {
        next = loop.after(time, () -> queue.begin(this::check));
    }

    private void check() {
        if (ended) {
            queue.over();
            return;
        }
        long began = loop.nanos();
        client.check(subject, result -> {
            queue.over();
            if (!ended) {
                long left = subject.rule().interval().toNanos() - (loop.nanos() - began);
                schedule(Duration.ofNanos(Math.max(0, left)));
                note(result);
            }
        });
    }

    private void note(CheckResult result) {
        if (!result.equals(CheckResult.NONE) && history.note(result, subject.rule(), clock.instant())) {
            List.copyOf(listeners).forEach(Runnable::run);
        }
    }
}
