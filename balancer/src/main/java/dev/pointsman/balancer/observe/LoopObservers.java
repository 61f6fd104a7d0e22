package dev.pointsman.balancer.observe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who are told of the requests of one event loop: of all that were over in a turn of the loop at its end. One by one, each
 * in the midst of forwarding, would cost more than twice as much, as the processor's caches then hold nothing of what
 * observers read and write. For that loop.
 */
public final class LoopObservers {
    /** Nobody: requests then take no times either. */
    public static final LoopObservers NONE = new LoopObservers(List.of(), null, () -> 0, Runnable::run);

    private static final Logger log = LoggerFactory.getLogger(LoopObservers.class);

    /** Attempts and requests; a turn with more is not waited for. */
    private static final int MOST_WAITING = 64;

    private final RequestObserver[] observers;
    private final @Nullable RequestTracer tracer;
    private final LongSupplier nanos;
    private final Executor afterTurn;
    private final Runnable turnEnds = this::turnEnds;
    private final List<ObservedAttempt> attempts = new ArrayList<>(MOST_WAITING);
    private final List<ObservedRequest> requests = new ArrayList<>(MOST_WAITING);
    private boolean awaitsEnd;
    private boolean failed;

    /**
     * Some observers.
     *
     * @param observers told in this order
     * @param tracer null for no traces
     * @param nanos the clock of all times that are noted, {@link System#nanoTime} but for tests
     * @param afterTurn runs what it is given at the end of the loop's turn: the loop
     */
    public LoopObservers(
            List<RequestObserver> observers, @Nullable RequestTracer tracer, LongSupplier nanos, Executor afterTurn) {
        this.observers = observers.toArray(new RequestObserver[0]);
        this.tracer = tracer;
        this.nanos = nanos;
        this.afterTurn = afterTurn;
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
        if (observers.length > 0) {
            attempts.add(attempt);
            tellInTime();
        }
    }

    void requestEnded(ObservedRequest request) {
        if (observers.length > 0) {
            requests.add(request);
            tellInTime();
        }
    }

    /** Tells of a connection of TCP that is over; at once, as there are fewer of them. */
    public void connectionEnded(ObservedConnection connection) {
        for (RequestObserver observer : observers) {
            telling(observer, () -> observer.connectionEnded(connection));
        }
    }

    private void tellInTime() {
        if (!awaitsEnd) {
            awaitsEnd = true;
            afterTurn.execute(turnEnds);
        } else if (attempts.size() + requests.size() >= MOST_WAITING) {
            tell();
        }
    }

    private void turnEnds() {
        awaitsEnd = false;
        tell();
    }

    /** Tells of what was over in this turn so far, as something about the observers is to change. */
    public void tell() {
        for (RequestObserver observer : observers) {
            tell(observer);
        }
        attempts.clear();
        requests.clear();
    }

    /** The attempts first: a request is over after all of its own. */
    private void tell(RequestObserver observer) {
        telling(observer, () -> {
            for (int i = 0; i < attempts.size(); i++) {
                observer.attemptEnded(attempts.get(i));
            }
            for (int i = 0; i < requests.size(); i++) {
                observer.requestEnded(requests.get(i));
            }
        });
    }

    private void telling(RequestObserver observer, Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException fault) {
            if (!failed) {
                failed = true;
                log.error(
                        "{} has failed, and tells nothing of some requests; further failures are not logged",
                        observer.getClass().getSimpleName(),
                        fault);
            }
        }
    }
}
