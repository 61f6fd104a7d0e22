package dev.pointsman.launcher.run;

import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.InstanceStatus.InstanceState;
import dev.pointsman.launcher.api.LastReplacement;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A factory for the status of instances and of empty slots. */
final class StatusFactory {
    private StatusFactory() {}

    static InstanceStatus of(
            ManagedInstance instance, int restarts, String reason, @Nullable LastReplacement replaced, Instant now) {
        Instant started = instance.started();
        InstanceState state =
                switch (instance.phase()) {
                    case STARTING -> InstanceState.STARTING;
                    case UP -> InstanceState.RUNNING;
                    case DRAINING -> InstanceState.DRAINING;
                    case STOPPING, ENDED -> InstanceState.STOPPING;
                };
        return new InstanceStatus(
                instance.plan().type(),
                instance.number(),
                instance.id(),
                instance.pid(),
                instance.port(),
                state,
                instance.health(),
                restarts,
                reason,
                started == null ? Duration.ZERO : Duration.between(started, now),
                instance.usage().cpuPercent(),
                instance.usage().memory(),
                replaced);
    }

    static InstanceStatus empty(
            String type,
            int number,
            String id,
            InstanceState state,
            int restarts,
            String reason,
            @Nullable LastReplacement replaced) {
        return new InstanceStatus(
                type, number, id, 0, 0, state, "unknown", restarts, reason, Duration.ZERO, 0, 0, replaced);
    }
}
