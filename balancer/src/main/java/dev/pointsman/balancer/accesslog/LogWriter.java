package dev.pointsman.balancer.accesslog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that writes an access log: takes what the rings have, writes it, and rests for a moment so that the next write has
 * more, unless there was more than one write's worth. Where nothing comes it sleeps, and the next line wakes it.
 */
final class LogWriter implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(LogWriter.class);

    private static final long REST = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long REST_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(500);

    /** How often what cannot be written is tried again at the end. */
    private static final int LAST_TRIES = 3;

    private final Map<LogDestination, LogFile> files = new ConcurrentHashMap<>();
    private final List<LogRing> rings = new CopyOnWriteArrayList<>();
    private final Queue<CompletableFuture<Void>> reopening = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final AtomicLong failures = new AtomicLong();
    private final Semaphore awake = new Semaphore(0);
    private final LostLines lost;
    private final SeldomWarning failureWarning = new SeldomWarning(System::nanoTime);
    private volatile boolean asleep;
    private volatile boolean closing;

    /** @param lost counts the lines that were not written */
    LogWriter(LostLines lost) {
        this.lost = lost;
    }

    void open(LogDestination destination) throws IOException {
        synchronized (files) {
            LogFile known = files.get(destination);
            if (known == null) {
                files.put(destination, LogFile.open(destination));
            } else {
                known.keep();
            }
        }
    }

    void keepOnly(@Nullable LogDestination destination) {
        synchronized (files) {
            files.values().stream()
                    .filter(file -> !file.destination().equals(destination))
                    .forEach(LogFile::release);
        }
        interruptRest();
    }

    @Nullable
    LogRing ringTo(LogDestination destination, int size) {
        synchronized (files) {
            LogFile file = files.get(destination);
            if (file == null) {
                return null;
            }
            LogRing ring = new LogRing(new LineRing(size), file);
            rings.add(ring);
            return ring;
        }
    }

    long failures() {
        return failures.get();
    }

    CompletableFuture<Void> reopen() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        reopening.add(done);
        interruptRest();
        if (ended.isDone()) {
            done.complete(null);
        }
        return done;
    }

    CompletableFuture<Void> close() {
        closing = true;
        interruptRest();
        return ended;
    }

    /** Wakes the thread if it sleeps; costs next to nothing if it does not. */
    void wake() {
        if (asleep) {
            asleep = false;
            interruptRest();
        }
    }

    private void interruptRest() {
        awake.release();
    }

    @Override
    public void run() {
        int tries = 0;
        while (true) {
            // What was offered before the end was asked for is in the rings when they are looked at.
            boolean last = closing;
            Round round = round();
            if (last && (round == Round.IDLE || (round == Round.FAILED && ++tries == LAST_TRIES))) {
                break;
            }
            rest(round, last);
        }
        end();
        ended.complete(null);
        takeAsked().forEach(asked -> asked.complete(null));
    }

    private enum Round {
        /** Nothing came. */
        IDLE,
        /** What came was written. */
        WRITTEN,
        /** So much came that there may be more. */
        BUSY,
        /** Something could not be written. */
        FAILED
    }

    private Round round() {
        try {
            reopenFiles();
            Round taken = takeSome();
            boolean failed = false;
            for (LogFile file : files.values()) {
                failed |= !file.isWritten() && !write(file);
            }
            forgetWhatIsOver();
            return failed ? Round.FAILED : taken;
        } catch (RuntimeException unexpected) {
            log.error("access log: {}", unexpected.toString(), unexpected);
            return Round.FAILED;
        }
    }

    /** Takes no more than one batch of each ring, so that none has to wait for one that is never empty. */
    private Round takeSome() {
        Round taken = Round.IDLE;
        for (LogRing ring : rings) {
            LogFile file = ring.file();
            boolean room = !file.isFull() || write(file);
            if (room && file.take(ring.lines())) {
                taken = file.isFull() || taken == Round.BUSY ? Round.BUSY : Round.WRITTEN;
            }
        }
        return taken;
    }

    private boolean write(LogFile file) {
        try {
            file.write();
            return true;
        } catch (IOException full) {
            failures.incrementAndGet();
            if (failureWarning.isDue()) {
                log.warn(
                        "access log: {} cannot be written ({}); lines wait, and those for which there is no room are dropped",
                        file.destination(),
                        full.toString());
            }
            return false;
        }
    }

    private void reopenFiles() {
        List<CompletableFuture<Void>> asked = takeAsked();
        if (asked.isEmpty()) {
            return;
        }
        for (LogFile file : files.values()) {
            try {
                file.reopen();
            } catch (IOException unusable) {
                log.warn(
                        "access log: {} cannot be opened again ({}); the file that was open goes on",
                        file.destination(),
                        unusable.toString());
            }
        }
        asked.forEach(done -> done.complete(null));
    }

    private List<CompletableFuture<Void>> takeAsked() {
        if (reopening.isEmpty()) {
            return List.of();
        }
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (CompletableFuture<Void> next = reopening.poll(); next != null; next = reopening.poll()) {
            asked.add(next);
        }
        return asked;
    }

    private void forgetWhatIsOver() {
        rings.removeIf(ring -> ring.lines().isOver());
        synchronized (files) {
            files.values()
                    .removeIf(file -> file.isReleased()
                            && file.isWritten()
                            && rings.stream().noneMatch(ring -> ring.file() == file)
                            && close(file));
        }
    }

    private static boolean close(LogFile file) {
        try {
            file.close();
        } catch (IOException broken) {
            log.warn("access log: {} could not be closed ({})", file.destination(), broken.toString());
        }
        return true;
    }

    private void rest(Round round, boolean last) {
        if (round == Round.FAILED) {
            awaitCall(REST_AFTER_FAILURE);
        } else if (round == Round.WRITTEN && !last) {
            awaitCall(REST);
        } else if (round == Round.IDLE) {
            sleep();
        }
    }

    /** Rests for so many nanoseconds, or until it is called. */
    private void awaitCall(long nanos) {
        try {
            boolean unused = awake.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException unusual) {
            log.debug("access log: its thread was interrupted, which only shortens a rest", unusual);
        }
    }

    private void sleep() {
        asleep = true;
        // Who offers something behind this look sees that the thread sleeps.
        if (!closing
                && reopening.isEmpty()
                && rings.stream().allMatch(ring -> ring.lines().isEmpty())) {
            awake.acquireUninterruptibly();
        }
        asleep = false;
        int unused = awake.drainPermits();
    }

    /** What is left now cannot be written. */
    private void end() {
        long left = 0;
        for (LogRing ring : rings) {
            left += ring.lines().discard();
        }
        for (LogFile file : files.values()) {
            left += file.discard();
            boolean unused = close(file);
        }
        lost.left(left);
    }
}
