package dev.pointsman.launcher;

import dev.pointsman.launcher.drain.Subject;
import dev.pointsman.launcher.loop.Loop;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How an instance that is well is taken out of service before it is ended: out of the registry first, then nothing more until
 * every balancer has said that it is done with it.
 *
 * @param maintenance whether it stays listed, in maintenance, until it is idle; else it is deregistered at once
 * @param say takes what is noticed on the way, a sentence each
 */
record Departure(boolean maintenance, Consumer<String> say) {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    /** Completes, never badly, on the loop when the instance is idle as far as it can be known. */
    CompletionStage<Void> of(Run run, Tools tools) {
        Loop loop = tools.loop();
        Rules rules = run.plan().rules();
        Subject subject = tools.view().subject(run.plan().type(), run.id());
        CompletionStage<Void> out =
                maintenance ? tools.registrations().takeOut(run.id(), "leaving: " + run.reason()) : run.deregister();
        return loop.here(out)
                .handle((done, failure) -> {
                    if (failure != null && maintenance) {
                        tell(run.id() + " could not be taken out of service: " + failure.getMessage() + ".");
                    }
                    // Of a registration that could not be ended its keeper has told.
                    return true;
                })
                .thenCompose(told -> tools.balancers().idle(subject, rules.drainTimeout(), rules.drainPause()))
                .thenAccept(this::tellAll);
    }

    private void tellAll(List<String> sentences) {
        sentences.forEach(this::tell);
    }

    private void tell(String sentence) {
        LOG.warn(sentence);
        say.accept(sentence);
    }
}
