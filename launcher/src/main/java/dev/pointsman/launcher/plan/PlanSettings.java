package dev.pointsman.launcher.plan;

import dev.pointsman.settings.Option;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings of a services file that a plan is made of: the way back from a {@link ServicePlan} to what could have been written. */
public final class PlanSettings {
    private final Map<String, Object> settings = new LinkedHashMap<>();

    private PlanSettings() {}

    /**
     * The settings by the key of the file: text, a list of text, or a mapping of text. Those that have their default are left out,
     * but for the number of instances. Paths are absolute where the plan's are.
     */
    public static Map<String, Object> of(ServicePlan plan) {
        PlanSettings made = new PlanSettings();
        made.put(ServiceSettings.COMMAND, plan.command());
        made.settings.put(ServiceSettings.INSTANCES.fileKey(), Integer.toString(plan.instances()));
        made.put(ServiceSettings.HEALTH, plan.healthPath());
        made.put(ServiceSettings.ENV, plan.env());
        made.put(ServiceSettings.ENV_FILE, plan.envFiles());
        Path directory = plan.directory();
        made.put(ServiceSettings.CWD, directory == null ? null : directory.toString());
        made.put(ServiceSettings.TAG, plan.tags());
        made.put(ServiceSettings.META, plan.meta());
        made.options(plan.options());
        made.rules(plan.restart(), plan.process());
        made.put(ServiceSettings.WATCH, plan.watch());
        made.put(ServiceSettings.IGNORE, plan.ignore());
        return made.settings;
    }

    private void options(InstanceOptions options) {
        value(ServiceSettings.START_TIMEOUT, options.startTimeout());
        value(ServiceSettings.STOP_TIMEOUT, options.stopTimeout());
        put(
                ServiceSettings.MAX_RESTARTS,
                options.maxRestarts() == InstanceOptions.DEFAULT.maxRestarts()
                        ? null
                        : options.maxRestarts() < 0 ? "unlimited" : Integer.toString(options.maxRestarts()));
        value(ServiceSettings.MAX_MEMORY, options.maxMemory());
        value(ServiceSettings.UNHEALTHY_AFTER, options.unhealthyAfter());
        value(ServiceSettings.DRAIN_TIMEOUT, options.drainTimeout());
        // A time without a unit is none where it may not be left out.
        put(
                ServiceSettings.DRAIN_PAUSE,
                options.drainPause().equals(InstanceOptions.DEFAULT.drainPause())
                        ? null
                        : options.drainPause().isZero()
                                ? "0s"
                                : ServiceSettings.DRAIN_PAUSE.form().write().apply(options.drainPause()));
        value(ServiceSettings.BATCH, options.batch());
    }

    private void rules(RestartRules restart, ProcessRules process) {
        value(ServiceSettings.STOP_SIGNAL, process.stopSignal());
        value(ServiceSettings.MIN_UPTIME, restart.minUptime());
        value(ServiceSettings.RESTART_DELAY, restart.delay());
        put(
                ServiceSettings.STOP_EXIT_CODES,
                restart.stopExitCodes().stream().sorted().toList());
        CronSchedule schedule = restart.schedule();
        put(ServiceSettings.CRON_RESTART, schedule == null ? null : schedule.expression());
        put(ServiceSettings.WAIT_READY, process.readyLine());
        value(ServiceSettings.INSTANCE_VAR, process.numberVariable());
    }

    private <T> void value(Option<T> option, T value) {
        if (!Objects.equals(value, option.byDefault())) {
            settings.put(option.fileKey(), option.form().write().apply(value));
        }
    }

    private void put(Option<?> option, @Nullable String value) {
        if (value != null) {
            settings.put(option.fileKey(), value);
        }
    }

    private void put(Option<?> option, Collection<?> values) {
        if (!values.isEmpty()) {
            settings.put(option.fileKey(), values.stream().map(String::valueOf).toList());
        }
    }

    private void put(Option<?> option, Map<String, String> values) {
        if (!values.isEmpty()) {
            settings.put(option.fileKey(), new TreeMap<>(values));
        }
    }
}
