package dev.pointsman.launcher;

import dev.pointsman.launcher.drain.Subject;
import dev.pointsman.launcher.loop.Loop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a new instance into one place and takes the old one out, without a gap:
 *
 * <ol>
 *   <li>start the new one and wait until it is up; wait until the registry lists it as well
 *   <li>wait until every balancer that uses the old one uses the new one too
 *   <li>take the old one out of service (maintenance) and wait until every balancer has nothing under way there
 *   <li>deregister and end it
 * </ol>
 *
 * <p>If the first step fails, the old one stays as it was. Confined to the launcher's loop; once each.
 */
final class Replacement {
    private final Place place;
    private final Tools tools;
    private final Consumer<String> progress;
    private final String why;

    /** @param why the old one is told to have left, as the end of a sentence */
    Replacement(Place place, Tools tools, String why, Consumer<String> progress) {
        this.place = place;
        this.tools = tools;
        this.why = why;
        this.progress = progress;
    }

    /** Completes on the loop, never badly, with null when it is done, or with why the old one stays. */
    CompletionStage<@Nullable String> begin() {
        Run fresh = place.bring();
        return fresh.up().thenCompose(down -> down == null ? listed(fresh) : notUp(fresh, down));
    }

    private CompletionStage<@Nullable String> notUp(Run fresh, Down down) {
        down.lastLines().forEach(line -> progress.accept(fresh.id() + ": " + line));
        return CompletableFuture.completedFuture("the new instance " + fresh.id() + " " + down.reason());
    }

    private CompletionStage<@Nullable String> listed(Run fresh) {
        Loop loop = tools.loop();
        ServicePlan plan = fresh.plan();
        return loop.here(tools.view()
                        .isListed(plan.type(), fresh.id(), plan.rules().startTimeout()))
                .thenCompose(listed -> {
                    if (fresh.phase() != Run.Phase.UP) {
                        return failed("the new instance " + fresh.id() + " " + fresh.reason());
                    }
                    if (!listed) {
                        place.drop(fresh, new Departure(false, progress));
                        return failed("the registry did not list the new instance " + fresh.id() + " as passing within "
                                + Words.time(plan.rules().startTimeout()));
                    }
                    progress.accept(fresh.id() + " is up.");
                    return served(fresh);
                });
    }

    private static CompletionStage<@Nullable String> failed(String sentence) {
        return CompletableFuture.completedFuture(sentence);
    }

    private CompletionStage<@Nullable String> served(Run fresh) {
        Run old = place.current();
        if (old == null || old.phase() != Run.Phase.UP) {
            return swap(fresh);
        }
        String type = fresh.plan().type();
        Subject newcomer = tools.view().subject(type, fresh.id());
        Subject leaver = tools.view().subject(type, old.id());
        return tools.balancers()
                .served(newcomer, leaver, fresh.plan().rules().drainPause())
                .thenCompose(warnings -> {
                    warnings.forEach(progress);
                    return fresh.phase() == Run.Phase.UP
                            ? swap(fresh)
                            : failed("the new instance " + fresh.id() + " " + fresh.reason());
                });
    }

    private CompletionStage<@Nullable String> swap(Run fresh) {
        Run old = place.takeOver(fresh);
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        return old.depart(why, new Departure(true, progress)).thenApply(over -> {
            progress.accept(old.id() + " has left.");
            return null;
        });
    }
}
