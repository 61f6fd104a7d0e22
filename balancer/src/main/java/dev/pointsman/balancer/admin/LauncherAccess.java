package dev.pointsman.balancer.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The launchers of this process's user on this machine, as the admin API shows them. Blocks; called by one thread at a time. */
public interface LauncherAccess {
    /** For a balancer that knows of no launchers. */
    LauncherAccess NONE = new LauncherAccess() {
        @Override
        public List<LauncherFacts> launchers() {
            return List.of();
        }

        @Override
        public List<String> lastLines(String type, String instance, int most) throws NoOutputException {
            throw new NoOutputException("no launcher runs here");
        }
    };

    /** Those that respond. */
    List<LauncherFacts> launchers() throws IOException;

    /**
     * The last lines that an instance has printed, the oldest first; it may have ended.
     *
     * @throws NoOutputException if there are none
     */
    List<String> lastLines(String type, String instance, int most) throws IOException, NoOutputException;

    /** Thrown where there is no output to be shown; says why in one sentence. */
    final class NoOutputException extends Exception {
        private static final long serialVersionUID = 1;

        public NoOutputException(String sentence) {
            super(sentence);
        }
    }

    /**
     * A launcher. Immutable.
     *
     * @param name for people
     * @param keepsOutput whether there are lines to be read of what its instances print
     */
    record LauncherFacts(long pid, String name, boolean keepsOutput, List<TypeFacts> types) {
        public LauncherFacts {
            types = List.copyOf(types);
        }
    }

    /**
     * A type of instances. Immutable.
     *
     * @param wanted how many there should be
     * @param running how many are healthy
     */
    record TypeFacts(String name, int wanted, int running, List<ProcessFacts> instances) {
        public TypeFacts {
            instances = List.copyOf(instances);
        }
    }

    /**
     * An instance. Immutable.
     *
     * @param pid 0 while no process runs
     * @param port 0 before it has one
     * @param restarts how often the instance in its place was replaced without having been asked to
     * @param cpuPercent of one core, over the last seconds
     * @param memoryBytes what is resident
     * @param startedAt null while no process runs
     * @param why why it is not as it should be, or why it has taken the place of another one; empty for nothing
     */
    record ProcessFacts(
            String id,
            long pid,
            int port,
            String state,
            int restarts,
            double cpuPercent,
            long memoryBytes,
            @Nullable Instant startedAt,
            String why) {}
}
