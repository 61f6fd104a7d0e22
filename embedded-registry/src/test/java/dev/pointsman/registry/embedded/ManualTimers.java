package dev.pointsman.registry.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Timers that fire when the test says that time has passed. */
final class ManualTimers implements Timers {
    private record Task(Duration at, Runnable action) {}

    private final List<Task> tasks = new ArrayList<>();
    private Duration now = Duration.ZERO;

    @Override
    public PendingTask in(Duration delay, Runnable action) {
        Task task = new Task(now.plus(delay), action);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    int pending() {
        return tasks.size();
    }

    void advance(Duration by) {
        Duration until = now.plus(by);
        for (Optional<Task> due = due(until); due.isPresent(); due = due(until)) {
            now = due.get().at();
            tasks.remove(due.get());
            due.get().action().run();
        }
        now = until;
    }

    private Optional<Task> due(Duration until) {
        return tasks.stream().filter(task -> task.at().compareTo(until) <= 0).min(Comparator.comparing(Task::at));
    }
}
