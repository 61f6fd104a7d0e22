package dev.pointsman.balancer.health;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The checks that are due, of which only so many are under way at a time: many instances that do not answer must not take
 * the descriptors that requests need. Confined to the loop.
 */
final class CheckQueue {
    private final int parallel;
    private final Queue<Runnable> due = new ArrayDeque<>();
    private int underWay;
    private boolean proceeding;

    CheckQueue(int parallel) {
        this.parallel = parallel;
    }

    /** Begins a check now, or as soon as there is room; it must be followed by {@link #over}, once. */
    void begin(Runnable check) {
        due.add(check);
        proceed();
    }

    /** Notes that a check is over. */
    void over() {
        underWay--;
        proceed();
    }

    private void proceed() {
        // A check may be over before it has returned here.
        if (proceeding) {
            return;
        }
        proceeding = true;
        while (underWay < parallel && !due.isEmpty()) {
            underWay++;
            due.remove().run();
        }
        proceeding = false;
    }
}
