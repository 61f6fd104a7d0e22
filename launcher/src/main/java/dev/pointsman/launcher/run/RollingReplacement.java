package dev.pointsman.launcher.run;

import dev.pointsman.launcher.drain.DrainSubject;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.plan.ServicePlan;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replacement of one slot's instance by a new one without a gap:
 *
 * <ol>
 *   <li>start the new one and wait until it is up; wait until the registry lists it as well
 *   <li>wait until every balancer that uses the old one uses the new one too
 *   <li>put the old one into maintenance and wait until every balancer has no request in flight there
 *   <li>deregister and end it
 * </ol>
 *
 * <p>If the first step fails, the old one stays as it was. Confined to the launcher's loop; for one use.
 */
final class RollingReplacement {
    private final Slot slot;
    private final LauncherContext context;
    private final Consumer<String> progress;
    private final String why;
    private final boolean asked;

    /**
     * @param why the old instance is stopped, as the end of a sentence
     * @param asked whether a user asked for it
     */
    RollingReplacement(Slot slot, LauncherContext context, String why, boolean asked, Consumer<String> progress) {
        this.slot = slot;
        this.context = context;
        this.why = why;
        this.asked = asked;
        this.progress = progress;
    }

    /**
     * Begins the replacement; completes on the loop with null when it is done, or with the reason why the old instance
     * stays; never fails.
     */
    CompletionStage<@Nullable String> begin() {
        ManagedInstance fresh = slot.startReplacement();
        return fresh.up().thenCompose(failure -> failure == null ? awaitListed(fresh) : notUp(fresh, failure));
    }

    private CompletionStage<@Nullable String> notUp(ManagedInstance fresh, InstanceFailure failure) {
        failure.lastLines().forEach(line -> progress.accept(fresh.id() + ": " + line));
        return failed("the new instance " + fresh.id() + " " + failure.reason());
    }

    private CompletionStage<@Nullable String> awaitListed(ManagedInstance fresh) {
        Loop loop = context.loop();
        ServicePlan plan = fresh.plan();
        return loop.here(context.view()
                        .isListed(plan.type(), fresh.id(), plan.options().startTimeout()))
                .thenCompose(listed -> {
                    if (fresh.phase() != ManagedInstance.InstancePhase.UP) {
                        return failed("the new instance " + fresh.id() + " " + fresh.reason());
                    }
                    if (!listed) {
                        slot.discard(fresh, new GracefulStop(false, progress));
                        return failed("the registry did not list the new instance " + fresh.id() + " as passing within "
                                + Messages.time(plan.options().startTimeout()));
                    }
                    progress.accept(fresh.id() + " is up.");
                    return awaitServed(fresh);
                });
    }

    private static CompletionStage<@Nullable String> failed(String sentence) {
        return CompletableFuture.completedFuture(sentence);
    }

    private CompletionStage<@Nullable String> awaitServed(ManagedInstance fresh) {
        ManagedInstance old = slot.current();
        if (old == null || old.phase() != ManagedInstance.InstancePhase.UP) {
            return replace(fresh);
        }
        String type = fresh.plan().type();
        DrainSubject newSubject = context.view().subject(type, fresh.id());
        DrainSubject oldSubject = context.view().subject(type, old.id());
        return context.coordinator()
                .served(newSubject, oldSubject, fresh.plan().options().drainPause())
                .thenCompose(warnings -> {
                    warnings.forEach(progress);
                    return fresh.phase() == ManagedInstance.InstancePhase.UP
                            ? replace(fresh)
                            : failed("the new instance " + fresh.id() + " " + fresh.reason());
                });
    }

    private CompletionStage<@Nullable String> replace(ManagedInstance fresh) {
        ManagedInstance old = slot.switchTo(fresh, why, asked);
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        return old.stopGracefully(why, new GracefulStop(true, progress)).thenApply(over -> {
            progress.accept(old.id() + " has stopped.");
            return null;
        });
    }
}
