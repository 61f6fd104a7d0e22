package dev.pointsman.launcher.run;

import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.plan.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The reloads of a type at the times of its schedule. The clock is looked at once a minute at the least, so that one that is set
 * anew, or a machine that slept, costs a minute at most; of several times that were missed together, one counts. Confined to the
 * launcher's loop.
 */
final class ScheduledReload {
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

    private final CronSchedule schedule;
    private final InstantSource clock;
    private final Loop loop;
    private final Runnable due;
    private Instant next = Instant.MAX;
    private Loop.@Nullable LoopTimer timer;

    /** @param due run at each time of the schedule */
    ScheduledReload(CronSchedule schedule, InstantSource clock, Loop loop, Runnable due) {
        this.schedule = schedule;
        this.clock = clock;
        this.loop = loop;
        this.due = due;
    }

    void begin() {
        next = schedule.after(clock.instant());
        await();
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void await() {
        // Compared before it is subtracted: the last of all times is too far away for a duration.
        Instant lookAgain = clock.instant().plus(LONGEST_LOOK);
        Duration left = next.isAfter(lookAgain) ? LONGEST_LOOK : Duration.between(clock.instant(), next);
        timer = loop.after(left.isNegative() ? Duration.ZERO : left, this::look);
    }

    private void look() {
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            due.run();
            next = schedule.after(now);
        }
        await();
    }
}
