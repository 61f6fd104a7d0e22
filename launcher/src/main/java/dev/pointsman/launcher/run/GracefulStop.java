package dev.pointsman.launcher.run;

import dev.pointsman.launcher.drain.DrainSubject;
import dev.pointsman.launcher.loop.Loop;
import dev.pointsman.launcher.plan.InstanceOptions;
import dev.pointsman.registry.OneLine;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way in which an instance that is up is taken out of service before it is ended: first the registry stops to offer it,
 * then every balancer has to acknowledge that it is idle.
 *
 * @param maintenance whether the instance stays registered, in maintenance, until it is idle; else it is deregistered at once
 * @param warnings takes what went wrong, a sentence each
 */
record GracefulStop(boolean maintenance, Consumer<String> warnings) {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulStop.class);

    /** Takes an instance out of service; completes on the loop when it is idle as far as can be known, and never fails. */
    CompletionStage<Void> of(ManagedInstance instance, LauncherContext context) {
        Loop loop = context.loop();
        InstanceOptions options = instance.plan().options();
        DrainSubject subject = context.view().subject(instance.plan().type(), instance.id());
        CompletionStage<Void> out = maintenance
                ? context.registrations().startMaintenance(instance.id(), "stopping: " + instance.reason())
                : instance.deregister();
        return loop.here(out)
                .handle((done, failure) -> {
                    if (failure != null && maintenance) {
                        warn(instance.id() + " could not be put into maintenance: " + failure.getMessage() + ".");
                    }
                    // A deregistration that failed was logged where it is retried.
                    return true;
                })
                .thenCompose(over -> context.coordinator().idle(subject, options.drainTimeout(), options.drainPause()))
                .thenAccept(sentences -> sentences.forEach(this::warn));
    }

    private void warn(String sentence) {
        String line = OneLine.of(sentence, 600);
        LOG.warn(line);
        warnings.accept(line);
    }
}
