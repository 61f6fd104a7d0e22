package dev.pointsman.launcher.run;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failure of an instance that was not asked to end.
 *
 * @param reason as the end of a sentence that begins with the instance's id
 * @param wasUp whether the instance was up before; if not, its start failed
 * @param upFor for how long; zero if it never was
 * @param lastLines the last lines of its output, if its start failed
 * @param exitCode what it exited with; null if it did not end by itself
 */
public record InstanceFailure(
        String reason,
        boolean wasUp,
        Duration upFor,
        List<String> lastLines,
        @Nullable Integer exitCode) {}
