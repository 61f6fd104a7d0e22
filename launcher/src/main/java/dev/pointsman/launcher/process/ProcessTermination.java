package dev.pointsman.launcher.process;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The termination of a family of processes: a signal, SIGTERM as a rule, once to each of them (also to processes that are forked meanwhile), and
 * SIGKILL to those that are left after a timeout. All of them and not only the first one: a shell or {@code npm} that was put
 * before the program does not pass signals on. Its steps run one after the other on the executor.
 */
final class ProcessTermination {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessTermination.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(200);
    /** The wait after SIGKILL: from then on only the kernel itself keeps a process, and nothing more can be done. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private final String name;
    private final Supplier<Set<Long>> family;
    private final ProcessSignal signal;
    private final ScheduledExecutorService executor;
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final Set<Long> signalled = new HashSet<>();
    private long killAt;
    private boolean killed;
    private Duration pause = FIRST_PAUSE;

    /**
     * @param name whose family it is, for the log
     * @param family the processes that belong to it at this moment; each call reads anew
     * @param signal what each of them gets first
     */
    ProcessTermination(
            String name, Supplier<Set<Long>> family, ProcessSignal signal, ScheduledExecutorService executor) {
        this.name = name;
        this.family = family;
        this.signal = signal;
        this.executor = executor;
    }

    /** Begins the termination; to be called once. Completes with whether SIGKILL was needed. */
    CompletableFuture<Boolean> begin(Duration timeout) {
        killAt = System.nanoTime() + timeout.toNanos();
        executor.execute(this::step);
        return done;
    }

    private void step() {
        try {
            Set<Long> left = family.get();
            if (left.isEmpty()) {
                done.complete(killed);
                return;
            }
            long late = System.nanoTime() - killAt;
            if (late > AFTER_KILL.toNanos()) {
                LOG.error("Processes {} of {} are still there after SIGKILL; they are left alone now.", left, name);
                done.complete(killed);
                return;
            }
            left.forEach(late >= 0 ? this::kill : this::terminate);
            next(late);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void next(long late) {
        long nanos = late >= 0 ? pause.toNanos() : Math.min(pause.toNanos(), -late);
        Future<?> scheduled = executor.schedule(this::step, nanos, TimeUnit.NANOSECONDS);
        if (scheduled.isCancelled()) {
            done.completeExceptionally(new IllegalStateException("the executor that ends " + name + " is shut down"));
        }
        pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }

    private void terminate(long pid) {
        if (signalled.add(pid)) {
            ProcessHandle.of(pid).ifPresent(this::terminate);
        }
    }

    private void terminate(ProcessHandle process) {
        if (!SignalSender.send(process, signal) && process.isAlive()) {
            // Where the signal cannot be sent, it must not live on until it is killed.
            process.destroy();
        }
    }

    private void kill(long pid) {
        killed = true;
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
}
