package dev.pointsman.cli.run;

import dev.pointsman.agent.AgentException;
import dev.pointsman.launcher.Launcher;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.api.Operations;
import dev.pointsman.launcher.api.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The start of a launcher whose instances are processes. */
public final class RealLauncher implements LauncherStart {
    private static final Logger log = LoggerFactory.getLogger(RealLauncher.class);

    @Override
    public Started start(LauncherPlan plan, Output output, Path runtimeFolder) throws CommandFailure {
        try {
            Launcher launcher = new Launcher(plan.services(), plan.registry(), plan.advertise(), output, runtimeFolder);
            launcher.start().whenComplete((result, failure) -> tell(result, failure));
            return new Running(launcher);
        } catch (IOException | AgentException | IllegalArgumentException unusable) {
            throw new CommandFailure("the launcher cannot be started: " + unusable.getMessage());
        }
    }

    private static void tell(@Nullable OperationResult result, @Nullable Throwable failure) {
        if (result == null) {
            log.error("the launcher did not start: {}", String.valueOf(failure));
        } else if (result.done()) {
            log.info("{}", result.sentence());
        } else {
            log.warn("{}", result.sentence());
        }
    }

    private record Running(Launcher launcher) implements Started {
        @Override
        public Operations operations() {
            return launcher;
        }

        @Override
        public CompletionStage<Integer> stop() {
            return launcher.stop();
        }

        @Override
        public CompletionStage<Integer> ended() {
            return launcher.ended();
        }
    }
}
