package dev.pointsman.balancer.admin;

import dev.pointsman.registry.OneLine;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The changes that were asked for by the admin API, done and refused ones: a line each in the log, and the newest here. Thread-safe. */
public final class AuditLog {
    /** The most entries that are kept here. */
    static final int KEPT = 500;

    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

    private final InstantSource clock;
    private final Deque<AuditEntry> newest = new ArrayDeque<>(KEPT);

    /**
     * One change that was asked for.
     *
     * @param who the client's address
     * @param what method and path
     * @param status of the response
     * @param result what became of it, in a few words
     */
    record AuditEntry(Instant at, String who, String what, int status, String result) {}

    public AuditLog(InstantSource clock) {
        this.clock = clock;
    }

    void note(String who, String what, int status, String result) {
        AuditEntry entry = new AuditEntry(clock.instant(), who, OneLine.of(what), status, OneLine.of(result));
        synchronized (newest) {
            if (newest.size() == KEPT) {
                newest.removeLast();
            }
            newest.addFirst(entry);
        }
        log.info("audit: {} {}: {} {}", entry.who(), entry.what(), status, entry.result());
    }

    /** The newest entries, the newest first. */
    List<AuditEntry> newest() {
        synchronized (newest) {
            return new ArrayList<>(newest);
        }
    }
}
