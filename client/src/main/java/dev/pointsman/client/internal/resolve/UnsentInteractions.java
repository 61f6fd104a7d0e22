package dev.pointsman.client.internal.resolve;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The interactions of which Vert.x has reported nothing but the beginning. It may never report more, as where a connection is
 * closed between its being taken from Vert.x's pool and its being used (HTTP/1.1 of Vert.x 5.0): so each counts for {@link
 * #LONGEST} only, unless it is sent. Looked through about once a second, when an interaction begins; no timer runs. Thread-safe.
 */
final class UnsentInteractions {
    /** Longer than Vert.x waits for a connection by default. */
    static final Duration LONGEST = Duration.ofSeconds(90);

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanos;
    private final Set<Interaction> unsent = ConcurrentHashMap.newKeySet();
    private final AtomicLong lookedThrough;

    /** @param nanos the clock, as {@link System#nanoTime} */
    UnsentInteractions(LongSupplier nanos) {
        this.nanos = nanos;
        this.lookedThrough = new AtomicLong(nanos.getAsLong());
    }

    long now() {
        return nanos.getAsLong();
    }

    void add(Interaction interaction) {
        unsent.add(interaction);
        long before = lookedThrough.get();
        long now = now();
        if (now - before >= PAUSE && lookedThrough.compareAndSet(before, now)) {
            unsent.removeIf(old -> now - old.began() >= LONGEST.toNanos() && old.forgotten());
        }
    }

    void remove(Interaction interaction) {
        unsent.remove(interaction);
    }
}
