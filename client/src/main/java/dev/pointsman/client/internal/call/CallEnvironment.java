package dev.pointsman.client.internal.call;

import dev.pointsman.client.CallListener;
import dev.pointsman.client.ClientOptions;
import dev.pointsman.client.ServiceAddress;
import dev.pointsman.client.internal.follow.FollowedServices;
import dev.pointsman.pool.Outcome;
import dev.pointsman.registry.Instance;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all calls of a client have in common. Thread-safe.
 *
 * @param transport carries requests to instances
 * @param nanos the clock, as {@link System#nanoTime}
 * @param responseNanos the options' time for a response, as each call counts with it
 */
record CallEnvironment(
        Transport transport, FollowedServices services, ClientOptions options, LongSupplier nanos, long responseNanos) {
    private static final Logger log = LoggerFactory.getLogger(CallEnvironment.class);

    CallEnvironment(Transport transport, FollowedServices services, ClientOptions options, LongSupplier nanos) {
        this(transport, services, options, nanos, options.timeouts().response().toNanos());
    }

    long now() {
        return nanos.getAsLong();
    }

    void attemptBegan(ServiceAddress service, Instance instance, CallListener.AttemptReason reason) {
        if (hasListener()) {
            tell(listener -> listener.attemptBegan(service, instance, reason));
        }
    }

    void attemptEnded(ServiceAddress service, Instance instance, Outcome outcome, int status, long began) {
        if (hasListener()) {
            tell(listener -> listener.attemptEnded(service, instance, outcome, status, now() - began));
        }
    }

    void callEnded(ServiceAddress service, int attempts, int status, long began) {
        if (hasListener()) {
            tell(listener -> listener.callEnded(service, attempts, status, now() - began));
        }
    }

    boolean hasListener() {
        return options.listener() != CallListener.NONE;
    }

    private void tell(Consumer<CallListener> event) {
        try {
            event.accept(options.listener());
        } catch (Throwable e) {
            // Errors too, as of a class that is missing: the call would not end, and its instance be in use for ever.
            log.error("A listener to calls failed; the call goes on.", e);
        }
    }
}
