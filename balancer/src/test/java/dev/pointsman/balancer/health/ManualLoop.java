package dev.pointsman.balancer.health;

import dev.pointsman.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A loop whose time is moved by hand; what is run on it runs at once, one task after the other. */
final class ManualLoop implements CheckLoop {
    final ManualTime time = new ManualTime();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private boolean running;

    private record Timer(long due, Runnable task) {}

    @Override
    public void run(Runnable task) {
        tasks.add(task);
        if (running) {
            return;
        }
        running = true;
        for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
            next.run();
        }
        running = false;
    }

    @Override
    public CheckTimer after(Duration delay, Runnable task) {
        Timer timer = new Timer(time.nanos() + delay.toNanos(), task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public long nanos() {
        return time.nanos();
    }

    int timers() {
        return timers.size();
    }

    /** Lets the time pass, and everything happen that is due meanwhile. */
    void pass(Duration howLong) {
        long end = time.nanos() + howLong.toNanos();
        Timer next = next();
        while (next != null && next.due() - end <= 0) {
            timers.remove(next);
            time.pass(Duration.ofNanos(Math.max(0, next.due() - time.nanos())));
            run(next.task());
            next = next();
        }
        time.pass(Duration.ofNanos(end - time.nanos()));
    }

    private @Nullable Timer next() {
        long now = time.nanos();
        return timers.stream()
                .min(Comparator.comparingLong(timer -> timer.due() - now))
                .orElse(null);
    }
}
