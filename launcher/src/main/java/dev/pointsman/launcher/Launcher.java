package dev.pointsman.launcher;

import dev.pointsman.launcher.api.InstanceCounts;
import dev.pointsman.launcher.api.InstanceStatus;
import dev.pointsman.launcher.api.OperationResult;
import dev.pointsman.launcher.api.Operations;
import dev.pointsman.launcher.api.Output;
import dev.pointsman.launcher.plan.Scale;
import dev.pointsman.launcher.plan.ServicePlan;
import dev.pointsman.launcher.process.Ports;
import dev.pointsman.launcher.process.ProcessSignal;
import dev.pointsman.launcher.run.LauncherContext;
import dev.pointsman.launcher.run.OrphanCleanup;
import dev.pointsman.launcher.run.RunningTypes;
import dev.pointsman.registry.consul.ConsulAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A launcher: runs instances of programs, keeps them alive and registered, and replaces them without a gap.
 *
 * <p>Start:
 *
 * <ol>
 *   <li>the orphans of launchers that were killed (same runtime folder) are deregistered and ended
 *   <li>the instances of every plan are started, each on a free port of its own
 *   <li>each is registered when it responds on that port, and not before
 * </ol>
 *
 * <p>Stop, by {@link #stop()}:
 *
 * <ol>
 *   <li>every instance is deregistered, at once
 *   <li>the instances go on serving until every balancer has acknowledged that no request is in flight there, or the plan's
 *       drain timeout is over
 *   <li>SIGTERM to each with all that it started, after the plan's stop timeout SIGKILL
 * </ol>
 *
 * <p>Signals are the caller's: it calls {@link #stop()} on SIGTERM and SIGINT. Thread-safe.
 */
public final class Launcher implements Operations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final Duration USAGE_INTERVAL = Duration.ofSeconds(2);

    private final LauncherAssembly assembly;
    private final LauncherContext context;
    private final Clock clock = Clock.systemUTC();
    private final RunningTypes types;
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private boolean stopping;
    private volatile List<InstanceStatus> lastList = List.of();

    /**
     * A launcher that runs nothing before {@link #start()}.
     *
     * @param plans what to run; no type twice
     * @param consul the registry
     * @param advertise the address to register, for clients and the registry's checks, or null: 127.0.0.1 when
     *     the registry is on this machine's loopback, else the IPv4 address from which it is reached
     * @param output takes what the instances print
     * @param runtime a private folder of the user, the same for every start: the orphans of this launcher, should it be
     *     killed, are found there by the next one
     * @throws IOException when the folder cannot be written to
     * @throws IllegalArgumentException when the address or the registry's certificates cannot be used
     * @throws dev.pointsman.agent.AgentException when this machine has no address to advertise
     */
    public Launcher(
            List<ServicePlan> plans, ConsulAddress consul, @Nullable String advertise, Output output, Path runtime)
            throws IOException {
        assembly = new LauncherAssembly(consul, advertise, output, new Ports(new SplittableRandom()), runtime);
        context = assembly.context();
        types = new RunningTypes(context, this::endIfAllGivenUp);
        plans.forEach(types::add);
    }

    /**
     * Starts every instance. To be called once.
     *
     * @return completes when each instance is up or has failed for the first time; those that failed are restarted, as the
     *     plan says
     */
    public CompletionStage<OperationResult> start() {
        return onLoop(() -> new OrphanCleanup(context, assembly.programs())
                .clean(assembly.runtime())
                .thenCompose(cleaned -> stopping ? failed("The launcher is stopping.") : begin()));
    }

    private CompletionStage<OperationResult> begin() {
        sampleUsage();
        warmUp();
        return types.startAll();
    }

    /**
     * Loads the classes of the first calls in advance: a first call takes many times as long as the next one. The first
     * instance that dies must not stay registered for so long.
     */
    private void warmUp() {
        context.loop()
                .then(
                        context.registrations().deregisterOrphan(context.launcher()),
                        (done, failure) -> LOG.debug("Deregistering is warm", failure));
    }

    /**
     * Stops every instance, as the class says. May be called again: then it waits for the same end.
     *
     * @return completes when no process is left, with the exit code as {@link #ended()}
     */
    public CompletionStage<Integer> stop() {
        context.loop().execute(() -> stop(types.isAnyGivenUp() ? 1 : 0));
        return ended.minimalCompletionStage();
    }

    /**
     * Completes when no instance runs any more and none will: after {@link #stop()}, when every type was deleted, or when
     * every type was given up. With 0, or with 1 if a type was given up.
     */
    public CompletionStage<Integer> ended() {
        return ended.minimalCompletionStage();
    }

    /** Does {@link #stop()}, and waits for its end. Not for a thread that must not block. */
    @Override
    public void close() {
        stop();
        ended.join();
    }

    private void stop(int exitCode) {
        if (stopping) {
            return;
        }
        stopping = true;
        LOG.info("Stopping.");
        context.loop().then(types.end("the launcher stops"), (done, failure) -> {
            lastList = statuses();
            // On a thread of its own: closing waits, and ends the loop that this runs on. No daemon, so that the JVM
            // waits.
            new Thread(() -> close(exitCode), "launcher-close").start();
        });
    }

    private void close(int exitCode) {
        try {
            assembly.close();
        } finally {
            ended.complete(exitCode);
        }
    }

    private void endIfAllGivenUp() {
        if (types.areAllGivenUp()) {
            stop(types.isEmpty() ? 0 : 1);
        }
    }

    private void sampleUsage() {
        context.loop().then(context.programs().usage(types.children()), (usage, failure) -> {
            if (failure == null) {
                types.used(usage);
            } else {
                LOG.warn("The memory and processor time of the instances cannot be read", failure);
            }
            context.loop().after(USAGE_INTERVAL, this::sampleUsage);
        });
    }

    @Override
    public List<InstanceStatus> list() {
        if (context.loop().isInside()) {
            return statuses();
        }
        return ended.isDone() ? lastList : fromLoop(this::statuses, () -> lastList);
    }

    private List<InstanceStatus> statuses() {
        return types.status(clock.instant());
    }

    /** The counts since the start, by type. */
    public Map<String, InstanceCounts> counts() {
        return fromLoop(types::counts, Map::of);
    }

    /** Reads a value on the loop and waits for it; {@code afterwards} gives it if the loop ends before. */
    private <T> T fromLoop(Supplier<T> read, Supplier<T> afterwards) {
        CompletableFuture<T> value = new CompletableFuture<>();
        context.loop().execute(() -> value.complete(read.get()));
        return CompletableFuture.anyOf(value, ended)
                .thenApply(done -> value.isDone() ? value.join() : afterwards.get())
                .join();
    }

    @Override
    public CompletionStage<OperationResult> scale(String type, String change, Consumer<String> progress) {
        Optional<Scale> scale = Scale.parse(change);
        return scale.isEmpty()
                ? failed("scale: " + change + " (expected: a number from 0 to 999, as in 3, +1 or -1)")
                : onLoop(() -> types.scale(type, scale.get(), progress));
    }

    @Override
    public CompletionStage<OperationResult> reload(String type, int batch, Consumer<String> progress) {
        return onLoop(() -> types.reload(type, batch, progress));
    }

    @Override
    public CompletionStage<OperationResult> restart(String typeOrId, Consumer<String> progress) {
        return onLoop(() -> types.restart(typeOrId, progress));
    }

    @Override
    public CompletionStage<OperationResult> signal(String typeOrId, String signal) {
        return ProcessSignal.of(signal)
                .map(known -> onLoop(() -> types.signal(typeOrId, known)))
                .orElseGet(() -> failed("signal: " + signal + " (expected one of: "
                        + Stream.of(ProcessSignal.values())
                                .map(ProcessSignal::name)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    @Override
    public CompletionStage<OperationResult> reset(String typeOrId) {
        return onLoop(() -> types.reset(typeOrId));
    }

    /** Reloads every type, all at the same time; see {@link #reload}. */
    public CompletionStage<OperationResult> reloadAll(Consumer<String> progress) {
        return onLoop(() -> types.reloadAll(progress));
    }

    @Override
    public CompletionStage<OperationResult> stop(String typeOrId, Consumer<String> progress) {
        return onLoop(() -> types.stop(typeOrId, progress));
    }

    @Override
    public CompletionStage<OperationResult> start(String typeOrId, Consumer<String> progress) {
        return onLoop(() -> types.start(typeOrId, progress));
    }

    @Override
    public CompletionStage<OperationResult> delete(String typeOrId, Consumer<String> progress) {
        return onLoop(() -> types.delete(typeOrId, progress));
    }

    private CompletionStage<OperationResult> onLoop(Supplier<CompletionStage<OperationResult>> operation) {
        CompletableFuture<OperationResult> done = new CompletableFuture<>();
        context.loop().execute(() -> operation.get().whenComplete((result, failure) -> {
            if (failure == null) {
                done.complete(result);
            } else {
                LOG.error("This is a bug in the launcher.", failure);
                done.complete(new OperationResult(false, "This is a bug in the launcher: " + failure));
            }
        }));
        // The loop may end before the operation does.
        ended().thenRun(() -> done.complete(new OperationResult(false, "The launcher has stopped.")));
        return done.minimalCompletionStage();
    }

    private static CompletionStage<OperationResult> failed(String sentence) {
        return CompletableFuture.completedFuture(new OperationResult(false, sentence));
    }
}
