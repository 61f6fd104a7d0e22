package dev.pointsman.launcher.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaps orphans that were given to this process, as they are to process 1 of a container: nobody else would ever look at
 * their exit codes, and each would keep a place in the process table for good. The JVM's own children are the JVM's to reap,
 * which it does within milliseconds; so only what is found dead twice is reaped here. Confined to one thread.
 */
final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final int WNOHANG = 1;

    private final long self;
    private Set<Long> deadBefore = Set.of();
    private @Nullable Libc libc;
    private boolean missing;

    /** The part of the C library that Java has no call for. */
    interface Libc extends Library {
        /** See waitpid(2). */
        int waitpid(int pid, @Nullable Pointer status, int options);
    }

    Reaper(long self) {
        this.self = self;
    }

    /** @param all every process, as it was just read */
    void look(List<ProcessFacts> all) {
        Set<Long> dead = new HashSet<>();
        for (ProcessFacts process : all) {
            if (process.zombie() && process.parent() == self) {
                dead.add(process.pid());
            }
        }
        dead.stream().filter(deadBefore::contains).forEach(this::reap);
        deadBefore = dead;
    }

    private void reap(long pid) {
        try {
            if (libc == null && !missing) {
                libc = Native.load("c", Libc.class);
            }
        } catch (LinkageError e) {
            missing = true;
            LOG.warn(
                    "Orphans cannot be reaped here and stay in the process table: {}. As process 1 of a container, put an"
                            + " init before it (docker run --init).",
                    e.getMessage());
        }
        if (libc != null) {
            libc.waitpid((int) pid, null, WNOHANG);
        }
    }
}
