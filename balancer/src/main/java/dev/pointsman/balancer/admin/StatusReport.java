package dev.pointsman.balancer.admin;

import dev.pointsman.balancer.admin.BalancerReadiness.ReadinessStage;
import dev.pointsman.balancer.admin.BalancerReadiness.ReadinessState;
import dev.pointsman.balancer.admin.StateView.Followed;
import dev.pointsman.balancer.resilience.AdmissionQueue;
import dev.pointsman.pool.PoolStatistics;
import dev.pointsman.registry.OneLine;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the balancer is about and, for each target, whether its requests can be served, the bad ones first: the document of
 * {@code GET /api/status} and of {@code GET /health/ready?verbose}. Thread-safe: reads snapshots only.
 */
public final class StatusReport {
    private final BalancerReadiness readiness;
    private final Supplier<List<Followed>> followed;
    private final LongSupplier tableVersion;
    private final IntSupplier connections;
    private final @Nullable String version;

    /**
     * A report of what changes.
     *
     * @param followed the pools that there are
     * @param tableVersion of the table of routes in force
     * @param connections those of clients at the moment of asking
     * @param version of the program; null where it is not known
     */
    public StatusReport(
            BalancerReadiness readiness,
            Supplier<List<Followed>> followed,
            LongSupplier tableVersion,
            IntSupplier connections,
            @Nullable String version) {
        this.readiness = readiness;
        this.followed = followed;
        this.tableVersion = tableVersion;
        this.connections = connections;
        this.version = version;
    }

    private List<TargetStatus> targets() {
        return followed.get().stream()
                .map(TargetStatus::of)
                .sorted(TargetStatus.WORST_FIRST)
                .toList();
    }

    /**
     * The report as JSON.
     *
     * @param most the number of targets that it may name
     */
    JsonObject json(int most) {
        ReadinessStage stage = readiness.stage();
        List<TargetStatus> all = targets();
        JsonArray shown = new JsonArray();
        all.stream().limit(most).forEach(target -> shown.add(target(target)));
        JsonObject json = new JsonObject()
                .put("status", StateView.lowerCase(stage.state()))
                .put("since", text(stage.since()))
                .put("why", why(stage.state()));
        if (stage.state() == ReadinessState.STARTING) {
            json.put("waitingFor", readiness.missing());
        }
        return json.put("version", version)
                .put("startedAt", text(readiness.startedAt()))
                .put("tableVersion", tableVersion.getAsLong())
                .put("connections", connections.getAsInt())
                .put("targetCount", all.size())
                .put("problemCount", TargetStatus.withProblems(all))
                .put("notShown", all.size() - shown.size())
                .put("targets", shown);
    }

    /** Why the balancer is not ready, in one sentence; empty if it is. */
    private String why(ReadinessState state) {
        return switch (state) {
            case READY -> "";
            case STOPPING -> "it was asked to stop, and finishes what is in flight";
            case STARTING -> {
                int missing = readiness.missing();
                yield readiness.step() + (missing == 0 ? "" : ": " + missing + " not looked up yet");
            }
        };
    }

    private static JsonObject target(TargetStatus status) {
        JsonObject states = new JsonObject();
        status.states().forEach((state, count) -> states.put(StateView.lowerCase(state), count));
        Followed followed = status.followed();
        PoolStatistics counts = followed.pool().statistics();
        AdmissionQueue queue = followed.queue();
        return new JsonObject()
                .put("target", status.snapshot().target())
                .put("level", StateView.lowerCase(status.level()).replace('_', '-'))
                .put("problem", status.problem())
                .put("since", text(status.since()))
                .put("firstView", status.firstView())
                .put("instances", status.snapshot().upstreams().size())
                .put("ready", status.snapshot().ready().size())
                .put("failOpen", status.snapshot().failOpen())
                .put("states", states)
                .put(
                        "registry",
                        new JsonObject()
                                .put("lastResponse", text(status.watch().lastResponse()))
                                .put("failures", status.watch().failures())
                                .put("failingSince", text(status.failingSince()))
                                .put("lastError", status.watch().lastError()))
                .put("inFlight", counts.inFlight())
                .put("waiting", queue == null ? 0 : queue.waiting())
                .put("picks", counts.picks())
                .put("failures", counts.failures())
                .put("retries", followed.traffic().retries());
    }

    /** A time in milliseconds, which is what people and the log go by; null for none. */
    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /**
     * The report for people: a line for the balancer, and one for each target.
     *
     * @param most the number of targets that it may name
     */
    String text(int most) {
        ReadinessStage stage = readiness.stage();
        List<TargetStatus> all = targets();
        String why = why(stage.state());
        StringBuilder text = new StringBuilder(StateView.lowerCase(stage.state()))
                .append(" since ")
                .append(text(stage.since()))
                .append(why.isEmpty() ? "" : " (" + why + ")")
                .append('\n');
        all.stream().limit(most).forEach(target -> text.append(line(target)).append('\n'));
        if (all.size() > most) {
            long bad = all.stream().skip(most).filter(each -> !each.isFine()).count();
            text.append("... and ")
                    .append(all.size() - most)
                    .append(" targets more, ")
                    .append(bad == 0 ? "all of them fine" : bad + " of them with a problem")
                    .append('\n');
        }
        return text.toString();
    }

    private static String line(TargetStatus status) {
        Instant heard = status.watch().lastResponse();
        Instant failing = status.failingSince();
        String problem = status.problem();
        return (problem == null
                        ? "[ok] "
                        : "[" + StateView.lowerCase(status.level()).replace('_', '-') + "] ")
                + OneLine.of(status.snapshot().target())
                + ": " + status.snapshot().ready().size()
                + " of " + status.snapshot().upstreams().size() + " instances take traffic"
                + (problem == null ? "" : "; " + problem)
                + (status.since() == null ? "" : "; since " + text(status.since()))
                + "; registry: "
                + (heard == null ? "no response yet" : "last response " + text(heard))
                + (failing == null ? "" : ", " + status.watch().failures() + " failures since");
    }
}
