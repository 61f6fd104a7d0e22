package dev.pointsman.launcher.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A bounded queue of lines in front of a writer that may be slow and has a thread of its own. When the queue is full, {@link
 * #put} waits for a while, which slows down a program that prints faster than can be written. When nothing at all is written
 * in that while (a terminal that was stopped with Ctrl-S), lines are dropped and counted until something is, because a
 * program must not stand still for its output. Thread-safe.
 */
final class LineSink {
    /** The most characters that may wait: enough for thousands of lines, small beside a JVM. */
    static final int MOST_WAITING = 1 << 20;

    private final Consumer<List<LogLine>> writer;
    private final Consumer<Long> lost;
    private final long maxWaitNanos;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private List<LogLine> waiting = new ArrayList<>();
    private int waitingSize;
    private boolean stuck;
    private boolean closed;
    private long dropped;

    /**
     * @param writer takes lines, in order; may block
     * @param lost takes, on the same thread, how many lines were dropped before the next ones
     * @param maxWait how long a line may wait for room
     */
    LineSink(String name, Consumer<List<LogLine>> writer, Consumer<Long> lost, Duration maxWait) {
        this.writer = writer;
        this.lost = lost;
        this.maxWaitNanos = maxWait.toNanos();
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    void put(LogLine line) {
        lock.lock();
        try {
            if (closed || !hasRoom()) {
                dropped++;
                return;
            }
            waiting.add(line);
            waitingSize += size(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasRoom() {
        long left = maxWaitNanos;
        while (waitingSize >= MOST_WAITING && !stuck) {
            try {
                left = changed.awaitNanos(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (left <= 0 && waitingSize >= MOST_WAITING) {
                stuck = true;
                changed.signalAll();
            }
        }
        return !stuck;
    }

    /** A line's size with its object's overhead, so that empty lines cannot fill the memory. */
    private static int size(LogLine line) {
        return line.text().length() + 64;
    }

    private void run() {
        while (true) {
            List<LogLine> lines;
            long gone;
            lock.lock();
            try {
                while (waiting.isEmpty() && !closed) {
                    changed.awaitUninterruptibly();
                }
                if (waiting.isEmpty()) {
                    return;
                }
                lines = waiting;
                gone = dropped;
                waiting = new ArrayList<>();
                waitingSize = 0;
                dropped = 0;
                stuck = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            writer.accept(lines);
            if (gone > 0) {
                lost.accept(gone);
            }
        }
    }

    /** Ends when all that waits is written, or after a time. */
    void close(Duration atMost) {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, atMost.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
