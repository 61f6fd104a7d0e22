package dev.pointsman.launcher;

import dev.pointsman.launcher.InstanceStatus.State;
import java.time.Duration;
import java.time.Instant;

/** Makes the lines of the list. */
final class Statuses {
    private Statuses() {}

    static InstanceStatus of(Run run, int restarts, String reason, Instant now) {
        Instant started = run.started();
        State state =
                switch (run.phase()) {
                    case STARTING -> State.STARTING;
                    case UP -> State.RUNNING;
                    case LEAVING -> State.DRAINING;
                    case STOPPING, OVER -> State.STOPPING;
                };
        return new InstanceStatus(
                run.plan().type(),
                run.id(),
                run.pid(),
                run.port(),
                state,
                run.health(),
                restarts,
                reason,
                started == null ? Duration.ZERO : Duration.between(started, now),
                run.usage().cpuPercent(),
                run.usage().memory());
    }

    static InstanceStatus empty(String type, String id, State state, int restarts, String reason) {
        return new InstanceStatus(type, id, 0, 0, state, "unknown", restarts, reason, Duration.ZERO, 0, 0);
    }
}
