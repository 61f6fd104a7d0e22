package dev.pointsman.balancer.observe;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Those who are told of the requests of one event loop. Immutable. */
public final class LoopObservers {
    /** Nobody: requests then take no times either. */
    public static final LoopObservers NONE = new LoopObservers(List.of(), null, () -> 0);

    private final RequestObserver[] observers;
    private final @Nullable RequestTracer tracer;
    private final LongSupplier nanos;

    /**
     * Some observers.
     *
     * @param observers told in this order
     * @param tracer null for no traces
     * @param nanos the clock of all times that are noted, {@link System#nanoTime} but for tests
     */
    public LoopObservers(List<RequestObserver> observers, @Nullable RequestTracer tracer, LongSupplier nanos) {
        this.observers = observers.toArray(new RequestObserver[0]);
        this.tracer = tracer;
        this.nanos = nanos;
    }

    /** Whether there is nobody to be told. */
    public boolean isEmpty() {
        return observers.length == 0 && tracer == null;
    }

    long now() {
        return nanos.getAsLong();
    }

    @Nullable
    RequestTracer tracer() {
        return tracer;
    }

    void attemptEnded(ObservedAttempt attempt) {
        for (RequestObserver observer : observers) {
            observer.attemptEnded(attempt);
        }
    }

    void requestEnded(ObservedRequest request) {
        for (RequestObserver observer : observers) {
            observer.requestEnded(request);
        }
    }
}
