package dev.pointsman.registry.consul.internal.view;

import dev.pointsman.registry.Instance;
import dev.pointsman.registry.InstanceKey;
import dev.pointsman.registry.consul.internal.query.WatchContext;
import dev.pointsman.registry.consul.internal.query.WatchedList;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The probes of retained instances: a connection to each about once a second, and whichever did not answer twice in a row is
 * dropped from its list. Nothing runs while nothing is retained. Lives on one Vert.x context.
 */
final class RetainedProbes {
    private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(1);
    private static final int PARALLEL = 64;
    private static final int FAILURES = 2;

    private record Subject(WatchedList<InstanceKey, Instance> list, InstanceKey key) {}

    private final WatchContext context;
    private final Set<WatchedList<InstanceKey, Instance>> lists = new LinkedHashSet<>();
    private final Queue<Subject> round = new ArrayDeque<>();
    private Map<Subject, Integer> failed = new HashMap<>();
    private Map<Subject, Integer> failedBefore = Map.of();
    private int underWay;
    private @Nullable Long timer;
    private boolean closed;

    RetainedProbes(WatchContext context) {
        this.context = context;
    }

    /** Looks at a list whose entries may have changed. */
    void changed(WatchedList<InstanceKey, Instance> list) {
        if (list.retained().isEmpty()) {
            lists.remove(list);
        } else if (lists.add(list) && timer == null && underWay == 0) {
            beginRound();
        }
    }

    /** Probes a list's instances no longer. */
    void forget(WatchedList<InstanceKey, Instance> list) {
        lists.remove(list);
    }

    /** Ends the probes. */
    void close() {
        closed = true;
        lists.clear();
        round.clear();
        if (timer != null) {
            context.vertx().cancelTimer(timer);
            timer = null;
        }
    }

    private void beginRound() {
        failedBefore = failed;
        failed = new HashMap<>();
        lists.forEach(list -> list.retained().forEach(key -> round.add(new Subject(list, key))));
        proceed();
    }

    private void proceed() {
        while (underWay < PARALLEL && !round.isEmpty()) {
            probe(round.remove());
        }
        if (underWay == 0 && !closed && !lists.isEmpty() && timer == null) {
            timer = context.vertx().setTimer(BETWEEN_ROUNDS.toMillis(), fired -> {
                timer = null;
                beginRound();
            });
        }
    }

    private void probe(Subject subject) {
        Instance instance = subject.list.entries().get(subject.key);
        if (instance == null || !lists.contains(subject.list)) {
            return;
        }
        underWay++;
        context.probe().answers(instance.address(), instance.port()).onComplete(ended -> {
            underWay--;
            if (!ended.succeeded() || !ended.result()) {
                unanswered(subject);
            }
            proceed();
        });
    }

    private void unanswered(Subject subject) {
        int times = 1 + failedBefore.getOrDefault(subject, 0);
        if (times < FAILURES) {
            failed.put(subject, times);
        } else if (lists.contains(subject.list)) {
            subject.list.drop(Set.of(subject.key));
        }
    }
}
