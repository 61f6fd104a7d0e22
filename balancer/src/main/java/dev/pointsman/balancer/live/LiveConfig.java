package dev.pointsman.balancer.live;

import dev.pointsman.balancer.config.ConfigReading;
import dev.pointsman.balancer.config.ConfigReading.ConfigPlaces;
import dev.pointsman.balancer.config.ConfigSource;
import dev.pointsman.balancer.config.ReadConfig;
import dev.pointsman.balancer.config.RefusedConfig;
import dev.pointsman.balancer.live.ConfigState.RefusedState;
import dev.pointsman.balancer.live.ReloadOutcome.ReloadKind;
import dev.pointsman.settings.Setting;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of a running balancer: reads it again when asked to, and puts it in force all or nothing. Whoever asks,
 * the watch of the files, a signal or the admin API, asks here, and one after the other. Thread-safe.
 */
public final class LiveConfig {
    private static final Logger log = LoggerFactory.getLogger(LiveConfig.class);

    /** How many changes of a reload one line of the log has. */
    private static final int LOGGED = 10;

    private final ConfigSource source;
    private final ConfigApplier applier;
    private final InstantSource clock;
    private volatile ConfigState state;
    private volatile ConfigPlaces places;
    private final Map<ReloadKind, LongAdder> reloads = new EnumMap<>(ReloadKind.class);

    /**
     * The configuration of a balancer that has just started.
     *
     * @param first what {@code source} read for the start, and what is in force
     */
    public LiveConfig(ConfigSource source, ReadConfig first, ConfigApplier applier, InstantSource clock) {
        this.source = source;
        this.applier = applier;
        this.clock = clock;
        this.state = ConfigState.first(first, clock.instant());
        this.places = first.places();
        for (ReloadKind kind : ReloadKind.values()) {
            reloads.put(kind, new LongAdder());
        }
    }

    /** What is in force, and what was refused. */
    public ConfigState state() {
        return state;
    }

    /** How often it was read again, by the outcome. */
    public Map<ReloadKind, Long> reloads() {
        Map<ReloadKind, Long> counts = new EnumMap<>(ReloadKind.class);
        reloads.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    private ReloadOutcome outcome(ReloadKind kind) {
        LongAdder count = reloads.get(kind);
        if (count != null) {
            count.increment();
        }
        return new ReloadOutcome(kind, state);
    }

    /** The files that the last reading looked at, usable or not: those to watch. */
    public ConfigPlaces places() {
        return places;
    }

    /**
     * Reads the configuration again and puts it in force, if it is usable and anything changed. Blocks until it is in
     * force, so it is not for an event loop.
     *
     * @param cause why: {@code SIGHUP}, {@code POST /api/reload}, a file
     */
    public synchronized ReloadOutcome reload(String cause) {
        ConfigReading reading = source.read();
        places = reading.places();
        if (reading instanceof RefusedConfig wrong) {
            return refuse(wrong.problems(), cause);
        }
        ReadConfig fresh = (ReadConfig) reading;
        String unfinished = unfinished(fresh);
        if (unfinished != null) {
            return refuse(List.of(fresh.places().files().get(0) + ":1:1: " + unfinished), cause);
        }
        ReloadPlan plan = ConfigReload.plan(state.running(), fresh);
        if (plan.isAsRead()) {
            return apply(fresh, plan, cause);
        }
        ConfigReading inForce = source.read(fresh.places(), plan.settings());
        if (inForce instanceof RefusedConfig wrong) {
            // Good for a start, but not together with what cannot change now.
            return refuse(wrong.problems(), cause);
        }
        return apply((ReadConfig) inForce, plan, cause);
    }

    /**
     * Reads the configuration again after its files may have changed: not if they hold what they held when they were read
     * last, by whomever that was asked for.
     */
    public synchronized ReloadOutcome filesChanged() {
        return state.refused() == null && places.areAsRead()
                ? new ReloadOutcome(ReloadKind.UNCHANGED, state)
                : reload("a change of the file");
    }

    /** What is missing of a file that seems to be in the middle of being written, as the end of a sentence; null if nothing is. */
    private @Nullable String unfinished(ReadConfig fresh) {
        boolean isEmptied = source.file() != null
                && fresh.settings().stream().allMatch(Setting::isFlag)
                && !state.running().settings().stream().allMatch(Setting::isFlag);
        if (isEmptied) {
            return "nothing in it (expected: settings; an emptied file is taken for one that is still being written)";
        }
        boolean isCutOff = state.running().places().routes() && !fresh.places().routes();
        return isCutOff
                ? "no route any more (expected: routes, or route: {} for none; a file that ends before them is taken for one"
                        + " that is still being written)"
                : null;
    }

    private ReloadOutcome apply(ReadConfig fresh, ReloadPlan plan, String cause) {
        ConfigState before = state;
        if (fresh.digest().equals(before.running().digest())) {
            return unchanged(before, fresh, plan, cause);
        }
        try {
            applier.apply(fresh.config(), cause).toCompletableFuture().get();
        } catch (ExecutionException failed) {
            return refuse(List.of(whyNot(failed)), cause);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return refuse(List.of("the balancer stopped before it was in force"), cause);
        }
        state = new ConfigState(
                before.version() + 1, clock.instant(), cause, fresh, plan.changes(), plan.atNextStart(), null);
        log.info("configuration {} is in force ({}): {}", state.version(), cause, summary(plan.changes()));
        plan.atNextStart().forEach(each -> log.warn("{}", each));
        return outcome(ReloadKind.APPLIED);
    }

    private static String whyNot(ExecutionException failed) {
        return "it could not be put in force: "
                + (failed.getCause() instanceof NotAppliedException said ? said.getMessage() : failed.getCause());
    }

    private static String summary(List<String> changes) {
        if (changes.isEmpty()) {
            return "nothing that is seen";
        }
        String first = changes.stream().limit(LOGGED).collect(Collectors.joining(", "));
        return changes.size() <= LOGGED ? first : first + " and " + (changes.size() - LOGGED) + " more";
    }

    private ReloadOutcome unchanged(ConfigState before, ReadConfig fresh, ReloadPlan plan, String cause) {
        boolean news = !plan.atNextStart().equals(before.atNextStart());
        if (news) {
            plan.atNextStart().forEach(each -> log.warn("{}", each));
        }
        if (news || before.refused() != null) {
            log.info("configuration {} stays in force ({}): nothing else changed", before.version(), cause);
        }
        state = new ConfigState(
                before.version(), before.since(), before.cause(), fresh, before.changes(), plan.atNextStart(), null);
        return outcome(ReloadKind.UNCHANGED);
    }

    private ReloadOutcome refuse(List<String> problems, String cause) {
        RefusedState other = state.refused();
        if (other == null || !other.problems().equals(problems)) {
            log.warn(
                    "the configuration was refused ({}), version {} stays in force; {} {}:",
                    cause,
                    state.version(),
                    problems.size(),
                    problems.size() == 1 ? "problem" : "problems");
            problems.forEach(each -> log.warn("{}", each));
            state = state.refusing(new RefusedState(clock.instant(), cause, problems));
        }
        return outcome(ReloadKind.REFUSED);
    }
}
