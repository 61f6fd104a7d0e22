package dev.pointsman.cli.run;

import dev.pointsman.launcher.api.Operations;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reloads that no command waits for, because a file changed or a signal came. While a reload of a type is under
 * way, however many more of it are asked for are one more. Thread-safe.
 */
final class Reloads {
    private static final Logger log = LoggerFactory.getLogger(Reloads.class);

    private final Operations operations;
    /** The types under way, and whether each is to be reloaded once more. */
    private final Map<String, Boolean> again = new HashMap<>();

    Reloads(Operations operations) {
        this.operations = operations;
    }

    /** @param why in a few words, such as {@code app.js changed} */
    void ask(String type, String why) {
        synchronized (again) {
            if (again.computeIfPresent(type, (key, value) -> true) != null) {
                return;
            }
            again.put(type, false);
        }
        log.info("{}: {}, reloading", type, why);
        reload(type);
    }

    private void reload(String type) {
        operations.reload(type, 0, step -> log.info("{}", step)).whenComplete((result, failure) -> {
            if (failure != null) {
                log.error("{}: the reload failed: {}", type, failure.toString());
            } else if (result.done()) {
                log.info("{}", result.sentence());
            } else {
                log.error("{}", result.sentence());
            }
            boolean once;
            synchronized (again) {
                once = Boolean.TRUE.equals(again.remove(type));
            }
            if (once) {
                ask(type, "more changes came meanwhile");
            }
        });
    }
}
