package dev.pointsman.launcher.process;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reaper of orphaned processes that the kernel has given to this process, as it gives them to process 1 of a container:
 * without it, each would stay in the process table for good. The JVM reaps its own children within milliseconds; so only
 * processes that are found dead twice are reaped here. Confined to one thread.
 *
 * <p>waitpid(2) needs JNA, because Java 17 has no call for it: a {@link Process} can be waited for only if this JVM has
 * started it, and {@link ProcessHandle#onExit()} leaves zombies of other processes alone.
 */
final class Reaper {
    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final int WNOHANG = 1;

    private final long self;
    private Set<Long> deadBefore = Set.of();
    private @Nullable Libc libc;
    private boolean missing;

    Reaper(long self) {
        this.self = self;
    }

    /** @param all every process, as it was just read */
    void reap(List<ProcessStat> all) {
        Set<Long> dead = new HashSet<>();
        for (ProcessStat process : all) {
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
                libc = Libc.LoadedLibc.get();
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
