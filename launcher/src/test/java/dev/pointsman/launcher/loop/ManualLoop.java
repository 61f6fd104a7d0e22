package dev.pointsman.launcher.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A loop whose clock tests turn. What is given to it is done when time passes, also if none does. */
public final class ManualLoop implements Loop {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> timers = new ArrayList<>();
    private long now = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

    /** Not a record: two of them for the same moment and task are still two. */
    private static final class Due {
        private final long at;
        private final Runnable task;

        Due(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public LoopTimer after(Duration delay, Runnable task) {
        Due due = new Due(now + delay.toNanos(), task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public boolean isInside() {
        return true;
    }

    /** Does what is to be done until then. */
    public void pass(Duration time) {
        long end = now + time.toNanos();
        runTasks();
        Optional<Due> next = next(end);
        while (next.isPresent()) {
            timers.remove(next.get());
            now = next.get().at;
            next.get().task.run();
            runTasks();
            next = next(end);
        }
        now = end;
    }

    /** Does what is to be done at this moment. */
    public void settle() {
        pass(Duration.ZERO);
    }

    private Optional<Due> next(long end) {
        return timers.stream().filter(due -> due.at - end <= 0).min(Comparator.comparingLong(due -> due.at - end));
    }

    private void runTasks() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
