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
        Thread unborn = new Thread();
        thread = unborn;
        executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread born = new Thread(task, name);
                    born.setDaemon(true);
                    thread = born;
                    return born;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
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

    /** Ends it; what is not done by now is dropped. */
    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** A bug in one task must neither end the loop nor go unheard in a future that nobody looks at. */
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
