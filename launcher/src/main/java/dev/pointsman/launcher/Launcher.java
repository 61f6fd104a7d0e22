package dev.pointsman.launcher;

import dev.pointsman.launcher.process.Ports;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs instances of programs, keeps them alive and registered, and replaces them without a gap.
 *
 * <p>Start:
 *
 * <ol>
 *   <li>what launchers that were killed left behind (same runtime folder) is deregistered and ended
 *   <li>the instances of every plan are started, each on a free port of its own
 *   <li>each is registered when it answers on that port, and not before
 * </ol>
 *
 * <p>Stop, by {@link #stop()}:
 *
 * <ol>
 *   <li>every instance is deregistered, at once
 *   <li>until every balancer has said that nothing is under way there, or the plan's time for it is over, they go on serving
 *   <li>SIGTERM to each with all that it started, after the plan's patience SIGKILL
 * </ol>
 *
 * <p>Signals are the caller's: it calls {@link #stop()} on SIGTERM and SIGINT. Thread-safe.
 */
public final class Launcher implements Operations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
    private static final Duration SAMPLE = Duration.ofSeconds(2);

    private final Machinery machinery;
    private final Tools tools;
    private final Clock clock = Clock.systemUTC();
    private final RunningTypes types = new RunningTypes();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private boolean stopping;
    private volatile List<InstanceStatus> lastList = List.of();

    /**
     * Nothing runs before {@link #start()}.
     *
     * @param plans what to run; no type twice
     * @param consul the registry
     * @param advertise the address that others, and the registry's checks, are told to connect to, or null: 127.0.0.1 when
     *     the registry is on this machine's loopback, else this machine's first IPv4 address that is not
     * @param output takes what the instances print
     * @param runtime a private folder of the user, the same for every start: what this launcher leaves behind, should it be
     *     killed, is found there by the next one
     * @throws IOException when the folder cannot be written to
     * @throws IllegalArgumentException when the address or the registry's certificates cannot be used
     * @throws dev.pointsman.agent.AgentException when this machine has no address to advertise
     */
    public Launcher(
            List<ServicePlan> plans, ConsulAddress consul, @Nullable String advertise, Output output, Path runtime)
            throws IOException {
        machinery = new Machinery(consul, advertise, output, new Ports(new SplittableRandom()), runtime);
        tools = machinery.tools();
        for (ServicePlan plan : plans) {
            types.add(new RunningType(plan, tools, this::endIfAllGivenUp));
        }
    }

    /**
     * Starts everything. To be called once.
     *
     * @return completes when each instance is up, or has failed for the first time; those go on being tried, as the plan says
     */
    public CompletionStage<Result> start() {
        return onLoop(() -> new Inheritance(tools, machinery.programs())
                .settle(machinery.runtime())
                .thenCompose(settled -> stopping ? answer(false, "The launcher is stopping.") : begin()));
    }

    private CompletionStage<Result> begin() {
        sample();
        warmUp();
        return types.onAll(type -> {
            tools.view().follow(type.plan().type());
            return type.grow(type.plan().instances());
        });
    }

    /**
     * The first call of a kind takes many times as long as the next one, because its classes are loaded for it. The first
     * instance that dies is not to stay registered for so long.
     */
    private void warmUp() {
        tools.loop()
                .then(
                        tools.registrations().leaveUnkept(tools.launcher()),
                        (done, failure) -> LOG.debug("Deregistering is warm", failure));
    }

    /**
     * Stops everything, as the class says. May be called again: then it waits for the same end.
     *
     * @return completes when nothing is left, with the exit code as {@link #ended()}
     */
    public CompletionStage<Integer> stop() {
        tools.loop().execute(() -> stop(types.isAnyGivenUp() ? 1 : 0));
        return ended.minimalCompletionStage();
    }

    /**
     * Completes when nothing runs any more and nothing will: after {@link #stop()}, when every type was deleted, or when every
     * type was given up. With 0, or with 1 if a type was given up.
     */
    public CompletionStage<Integer> ended() {
        return ended.minimalCompletionStage();
    }

    /** {@link #stop()}, waited for. Not for a thread that must not block. */
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
        tools.loop().then(types.end("the launcher stops"), (done, failure) -> {
            lastList = statuses();
            // On a thread of its own: closing waits, and ends the loop that this runs on. Not a daemon: it comes to its
            // end.
            new Thread(() -> close(exitCode), "launcher-close").start();
        });
    }

    private void close(int exitCode) {
        try {
            machinery.close();
        } finally {
            ended.complete(exitCode);
        }
    }

    private void endIfAllGivenUp() {
        if (types.areAllGivenUp()) {
            stop(types.isEmpty() ? 0 : 1);
        }
    }

    private void sample() {
        tools.loop().then(tools.programs().usage(types.children()), (usage, failure) -> {
            if (failure == null) {
                types.used(usage);
            } else {
                LOG.warn("What the instances use cannot be told", failure);
            }
            tools.loop().after(SAMPLE, this::sample);
        });
    }

    @Override
    public List<InstanceStatus> list() {
        if (tools.loop().isInside()) {
            return statuses();
        }
        if (ended.isDone()) {
            return lastList;
        }
        CompletableFuture<List<InstanceStatus>> answer = new CompletableFuture<>();
        tools.loop().execute(() -> answer.complete(statuses()));
        // The loop may end before it comes to that.
        return CompletableFuture.anyOf(answer, ended)
                .thenApply(done -> answer.getNow(lastList))
                .join();
    }

    private List<InstanceStatus> statuses() {
        return types.status(clock.instant());
    }

    /** What happened so far, by type. */
    public Map<String, Counts> counts() {
        CompletableFuture<Map<String, Counts>> answer = new CompletableFuture<>();
        tools.loop().execute(() -> answer.complete(types.counts()));
        return CompletableFuture.anyOf(answer, ended)
                .thenApply(done -> answer.getNow(Map.of()))
                .join();
    }

    @Override
    public CompletionStage<Result> scale(String type, String change, Consumer<String> progress) {
        Optional<Scale> scale = Scale.parse(change);
        if (scale.isEmpty()) {
            return answer(false, "scale: " + change + " (expected: a number from 0 to 999, as in 3, +1 or -1)");
        }
        return onLoop(() -> types.on(type, running -> running.scale(scale.get(), progress)));
    }

    @Override
    public CompletionStage<Result> reload(String type, int batch, Consumer<String> progress) {
        return onLoop(() -> types.on(
                type,
                running -> running.reload(
                        batch > 0 ? batch : running.plan().rules().batch(), "reload", progress)));
    }

    /** {@link #reload} of every type, side by side; done when every one is. */
    public CompletionStage<Result> reloadAll(Consumer<String> progress) {
        return onLoop(() -> types.onAll(type -> type.reload(type.plan().rules().batch(), "reload", progress)));
    }

    @Override
    public CompletionStage<Result> stop(String typeOrId, Consumer<String> progress) {
        return onPlaces(typeOrId, (type, places) -> type.stop(places, "stopped by hand", new Departure(true, progress))
                .thenApply(over -> new Result(true, "Stopped " + typeOrId + ".")));
    }

    @Override
    public CompletionStage<Result> start(String typeOrId, Consumer<String> progress) {
        return onPlaces(typeOrId, (type, places) -> type.start(places, progress));
    }

    @Override
    public CompletionStage<Result> delete(String typeOrId, Consumer<String> progress) {
        return onPlaces(typeOrId, (type, places) -> type.remove(places, "deleted by hand", progress)
                .thenApply(over -> {
                    if (type.places().isEmpty()) {
                        types.remove(type);
                        tools.view().forget(type.plan().type());
                        endIfAllGivenUp();
                    }
                    return new Result(true, "Deleted " + typeOrId + ".");
                }));
    }

    private CompletionStage<Result> onPlaces(String typeOrId, RunningTypes.OnPlaces operation) {
        return onLoop(() -> types.onPlaces(typeOrId, operation));
    }

    private CompletionStage<Result> onLoop(Supplier<CompletionStage<Result>> operation) {
        CompletableFuture<Result> done = new CompletableFuture<>();
        tools.loop().execute(() -> operation.get().whenComplete((result, failure) -> {
            if (failure == null) {
                done.complete(result);
            } else {
                LOG.error("This is a bug in the launcher.", failure);
                done.complete(new Result(false, "This is a bug in the launcher: " + failure));
            }
        }));
        // An operation that the end overtakes is not waited for in vain.
        ended().thenRun(() -> done.complete(new Result(false, "The launcher has stopped.")));
        return done.minimalCompletionStage();
    }

    private static CompletionStage<Result> answer(boolean done, String sentence) {
        return CompletableFuture.completedFuture(new Result(done, sentence));
    }
}
