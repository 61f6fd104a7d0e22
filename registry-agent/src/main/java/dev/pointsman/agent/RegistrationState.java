package dev.pointsman.agent;

import dev.pointsman.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The state machine that keeps a service registered: what to ask of the registry next, after which pause, and whether there
 * is news for the log. It holds what is known of the registration; what is wanted is always that it is there. Pure: no I/O,
 * no clock. Confined to one thread.
 *
 * <pre>
 *   NEW ---- register: ok ----> REGISTERED <--- check: found --.
 *    |                            |     |                      |
 *    | failure                    |     '-- check: missing -> MISSING -- register: ok --> REGISTERED
 *    v                            v failure                    | failure
 *   UNAVAILABLE / REJECTED <------'----------------------------'
 * </pre>
 *
 * It registers again only if the registry says that the id is missing: registering what is there would restart the timers
 * of its checks for nothing. So after an outage it checks first, if the service ever was registered.
 */
public final class RegistrationState {
    /** The status of the registration, as far as it is known. */
    public enum RegistrationStatus {
        /** No attempt has ended yet. */
        NEW,
        /** The registry has the registration. */
        REGISTERED,
        /** The registry responds, and has lost the registration. */
        MISSING,
        /** The registry cannot be reached, or cannot respond now. */
        UNAVAILABLE,
        /** The registry rejects the registration as it is. */
        REJECTED
    }

    /** A request to the registry. */
    public enum RegistryRequest {
        /** Register the service. */
        REGISTER,
        /** Check whether the registration is there. */
        CHECK
    }

    private final RetryPacing pacing;
    private final RandomGenerator random;
    private RegistrationStatus status = RegistrationStatus.NEW;
    private RegistryRequest next = RegistryRequest.REGISTER;
    private int failures;

    /** The state of a service that was never registered. */
    public RegistrationState(RetryPacing pacing, RandomGenerator random) {
        this.pacing = pacing;
        this.random = random;
    }

    /**
     * The change that the outcome of a request has led to.
     *
     * @param pause before the next request
     * @param from the status before
     * @param to the status now
     */
    public record Transition(Duration pause, RegistrationStatus from, RegistrationStatus to) {
        /** Whether the status has changed, which is worth a line in the log. */
        public boolean isNews() {
            return from != to;
        }
    }

    /** The request to make now. */
    public RegistryRequest next() {
        return next;
    }

    RegistrationStatus status() {
        return status;
    }

    /** {@link RegistryRequest#REGISTER} has succeeded. */
    public Transition registered() {
        return transition(
                RegistrationStatus.REGISTERED, RegistryRequest.CHECK, RetryPacing.around(pacing.check(), random));
    }

    /** {@link RegistryRequest#CHECK} has succeeded, with whether the registration is there. */
    public Transition found(boolean there) {
        return there ? registered() : transition(RegistrationStatus.MISSING, RegistryRequest.REGISTER, Duration.ZERO);
    }

    /** Either of them has failed. */
    public Transition failed(Kind kind) {
        boolean rejected = kind == Kind.REJECTED;
        int inARow = failures + 1;
        Duration pause = rejected ? RetryPacing.around(pacing.rejected(), random) : pacing.backoff(inARow, random);
        Transition transition =
                transition(rejected ? RegistrationStatus.REJECTED : RegistrationStatus.UNAVAILABLE, next, pause);
        failures = inARow;
        return transition;
    }

    private Transition transition(RegistrationStatus to, RegistryRequest request, Duration pause) {
        Transition transition = new Transition(pause, status, to);
        status = to;
        next = request;
        failures = 0;
        return transition;
    }
}
