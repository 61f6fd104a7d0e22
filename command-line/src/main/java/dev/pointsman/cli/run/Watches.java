package dev.pointsman.cli.run;

import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.watch.FolderWatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folders that a launcher's plans have watched. */
final class Watches implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Watches.class);

    private final List<FolderWatch> watches = new ArrayList<>();

    /** @throws CommandFailure if one cannot be watched */
    Watches(List<ServicePlan> plans, Reloads reloads) throws CommandFailure {
        for (ServicePlan plan : plans) {
            if (plan.watch().isEmpty()) {
                continue;
            }
            try {
                watches.add(FolderWatch.start(
                        plan.watch(),
                        plan.ignore(),
                        FolderWatch.QUIET,
                        System::nanoTime,
                        file -> reloads.ask(plan.type(), file + " changed")));
            } catch (IOException failed) {
                close();
                throw new CommandFailure(
                        plan.type() + ": " + plan.watch() + " cannot be watched: " + failed.getMessage());
            }
        }
    }

    @Override
    public void close() {
        for (FolderWatch watch : watches) {
            try {
                watch.close();
            } catch (IOException failed) {
                log.warn("a folder is still watched: {}", failed.toString());
            }
        }
    }
}
