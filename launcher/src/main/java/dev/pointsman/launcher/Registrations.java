package dev.pointsman.launcher;

import dev.pointsman.agent.Pace;
import dev.pointsman.agent.Upkeep;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.registry.Registrar;
import dev.pointsman.registry.RegistryException;
import dev.pointsman.registry.ServiceRegistration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * Keeps the instances of a launcher registered for as long as they are to be, and no longer, see {@link Kept}. Confined to its
 * loop; the calls, which block, run on the executor.
 */
final class Registrations {
    private final Registrar registrar;
    private final Loop loop;
    private final Executor calls;
    private final RandomGenerator random;
    private final Map<String, Kept> kept = new HashMap<>();

    /** @param calls for calls that block, for as long as {@link Registrar} says */
    Registrations(Registrar registrar, Loop loop, Executor calls, RandomGenerator random) {
        this.registrar = registrar;
        this.loop = loop;
        this.calls = calls;
        this.random = random;
    }

    /**
     * Registers an instance and keeps it registered.
     *
     * @return completes after the first attempt, well or badly; if badly, it is tried again and again
     */
    CompletionStage<Void> keep(ServiceRegistration service) {
        Kept before = kept.get(service.id());
        if (before != null) {
            before.replaced();
        }
        Kept entry = new Kept(service, new Upkeep(Pace.DEFAULT, random), this);
        kept.put(service.id(), entry);
        return entry.begin();
    }

    /**
     * Takes an instance out of service, and keeps it out should the registry forget it and learn of it anew.
     *
     * @return fails if the registry did not do it
     */
    CompletionStage<Void> takeOut(String id, String reason) {
        Kept entry = kept.get(id);
        return entry == null ? CompletableFuture.completedFuture(null) : entry.takeOut(reason);
    }

    /**
     * Deregisters, now; or, if a registration is on its way this moment, right after it.
     *
     * @return completes after the first attempt; fails if it failed, and then it is tried again and again
     */
    CompletionStage<Void> leave(String id) {
        Kept entry = kept.get(id);
        return entry == null ? CompletableFuture.completedFuture(null) : entry.leave();
    }

    /** Deregisters what nobody here keeps: what a launcher before left behind. */
    CompletionStage<Void> leaveUnkept(String id) {
        return call(() -> {
                    registrar.deregister(id);
                    return true;
                })
                .thenApply(done -> null);
    }

    void gone(String id, Kept entry) {
        kept.remove(id, entry);
    }

    Registrar registrar() {
        return registrar;
    }

    Loop loop() {
        return loop;
    }

    RandomGenerator random() {
        return random;
    }

    /** A call to the registrar. */
    interface Call {
        boolean now() throws RegistryException;
    }

    /** Completes on the loop; fails with a {@link RegistryException}, whatever went wrong. */
    CompletableFuture<Boolean> call(Call call) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        calls.execute(() -> {
            try {
                done.complete(call.now());
            } catch (RegistryException e) {
                done.completeExceptionally(e);
            } catch (RuntimeException e) {
                done.completeExceptionally(new RegistryException(
                        RegistryException.Kind.UNAVAILABLE, "Asking the registry failed: " + e, e));
            }
        });
        return loop.here(done);
    }
}
