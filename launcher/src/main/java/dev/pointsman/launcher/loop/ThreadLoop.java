package dev.pointsman.launcher.loop;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop on a daemon thread of its own. */
public final class ThreadLoop implements Loop, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadLoop.class);

    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread;

    /** @param name the thread's name */
    public ThreadLoop(String name) {
        Thread notStarted = new Thread();
        thread = notStarted;
        executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread started = new Thread(task, name);
                    started.setDaemon(true);
                    thread = started;
                    return started;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    @Override
    public LoopTimer after(Duration delay, Runnable task) {
        ScheduledFuture<?> scheduled = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public boolean isInside() {
        return Thread.currentThread() == thread;
    }

    /** Ends the loop; tasks that have not begun are dropped. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    /**
     * A task whose exceptions are logged: a bug must neither end the loop nor stay hidden in a future that is never
     * read.
     */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("This is a bug in the launcher.", e);
            }
        };
    }
}
