package dev.pointsman.launcher.run;

import dev.pointsman.agent.RegistrationKeeper;
import dev.pointsman.agent.RegistrationLoop;
import dev.pointsman.agent.RegistrationState;
import dev.pointsman.agent.RetryPacing;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.ServiceRegistration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The registrations of a launcher's instances, each kept by a {@link RegistrationKeeper}. Confined to the launcher's loop;
 * the calls to the registry, which block, run on an executor.
 */
public final class Registrations {
    private final Registrar registrar;
    private final RegistrationLoop keepers;
    private final RandomGenerator random;
    private final Map<String, RegistrationKeeper> byId = new HashMap<>();

    /** @param calls for calls that block, for as long as {@link Registrar} says */
    public Registrations(Registrar registrar, Loop loop, Executor calls, RandomGenerator random) {
        this.registrar = registrar;
        this.keepers = new CallsBesideTheLoop(loop, calls);
        this.random = random;
    }

    private record CallsBesideTheLoop(Loop loop, Executor calls) implements RegistrationLoop {
        @Override
        public void call(RegistryCall call, CallOutcome outcome) {
            calls.execute(() -> RegistrationLoop.callHere(
                    call, (value, failure) -> loop.execute(() -> outcome.accept(value, failure))));
        }

        @Override
        public Runnable after(Duration delay, Runnable task) {
            return loop.after(delay, task)::cancel;
        }
    }

    /**
     * Registers an instance and keeps it registered.
     *
     * @return completes when the first attempt has succeeded or failed; if it has failed, others follow
     */
    CompletionStage<Void> keep(ServiceRegistration service) {
        String id = service.id();
        RegistrationKeeper before = byId.get(id);
        if (before != null) {
            before.replaced();
        }
        // The process has ended or is about to, and its registration must not stay: tried for as long as the launcher
        // lives.
        RegistrationKeeper keeper = new RegistrationKeeper(
                registrar,
                service,
                new RegistrationState(RetryPacing.DEFAULT, random),
                keepers,
                (failures, kind) -> RetryPacing.DEFAULT.backoff(failures, random));
        byId.put(id, keeper);
        keeper.ended().thenRun(() -> byId.remove(id, keeper));
        return keeper.begin();
    }

    /**
     * Puts an instance into maintenance, see {@link RegistrationKeeper#startMaintenance}; does nothing if it is not
     * registered.
     */
    CompletionStage<Void> startMaintenance(String id, String reason) {
        RegistrationKeeper keeper = byId.get(id);
        return keeper == null ? CompletableFuture.completedFuture(null) : keeper.startMaintenance(reason);
    }

    /** Deregisters an instance, see {@link RegistrationKeeper#deregister}; does nothing if it is not registered. */
    CompletionStage<Void> deregister(String id) {
        RegistrationKeeper keeper = byId.get(id);
        return keeper == null ? CompletableFuture.completedFuture(null) : keeper.deregister();
    }

    /**
     * Deregisters, in one attempt, the id of an instance that another launcher has left behind.
     *
     * @return completes on the loop; fails if the attempt failed
     */
    public CompletionStage<Void> deregisterOrphan(String id) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        keepers.call(
                () -> {
                    registrar.deregister(id);
                    return true;
                },
                (value, failure) -> {
                    if (failure == null) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
        return done;
    }
}
