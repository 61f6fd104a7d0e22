package dev.pointsman.agent;

import dev.pointsman.registry.RegistryException.Kind;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Decides what keeps a service registered: what to ask the registry next, when, and whether there is news for the log.
 * It holds what is known of the actual state; the wanted one is always "registered". Pure: no I/O, no clock. Confined to
 * one thread.
 *
 * <pre>
 *   NEW ---- register: ok ----> REGISTERED <--- look: there ---.
 *    |                            |     |                      |
 *    | failure                    |     '-- look: missing --> MISSING -- register: ok --> REGISTERED
 *    v                            v failure                    | failure
 *   AWAY / REFUSED <--------------'----------------------------'
 * </pre>
 *
 * It registers again only where the registry says that the id is missing: registering what is there would restart the
 * timers of its checks for nothing. So after an outage it looks first, if it ever was registered.
 */
public final class Upkeep {
    /** What is known of the registration. */
    public enum State {
        /** Never tried. */
        NEW,
        /** The registry knows us. */
        REGISTERED,
        /** The registry answers, and has forgotten us. */
        MISSING,
        /** The registry cannot be reached, or cannot do it now. */
        AWAY,
        /** The registry will not do it, as we ask it now. */
        REFUSED
    }

    /** A question to the registry. */
    public enum Ask {
        /** Register. */
        REGISTER,
        /** See whether the registration is there. */
        LOOK
    }

    private final Pace pace;
    private final RandomGenerator random;
    private State state = State.NEW;
    private Ask ask = Ask.REGISTER;
    private int failures;

    public Upkeep(Pace pace, RandomGenerator random) {
        this.pace = pace;
        this.random = random;
    }

    /**
     * What an outcome leads to.
     *
     * @param pause before the next ask
     * @param from the state before
     * @param to the state now; news when it differs
     */
    public record Step(Duration pause, State from, State to) {
        /** Whether it is worth a line in the log. */
        public boolean isNews() {
            return from != to;
        }
    }

    /** What to ask the registry now. */
    public Ask ask() {
        return ask;
    }

    State state() {
        return state;
    }

    /** {@link Ask#REGISTER} went well. */
    public Step registered() {
        return step(State.REGISTERED, Ask.LOOK, Pace.around(pace.look(), random));
    }

    /** {@link Ask#LOOK} was answered. */
    public Step looked(boolean there) {
        return there ? registered() : step(State.MISSING, Ask.REGISTER, Duration.ZERO);
    }

    /** Either of them failed. */
    public Step failed(Kind kind) {
        boolean refused = kind == Kind.REJECTED;
        int row = failures + 1;
        Duration pause = refused ? Pace.around(pace.refused(), random) : pace.backoff(row, random);
        Step step = step(refused ? State.REFUSED : State.AWAY, ask, pause);
        failures = row;
        return step;
    }

    private Step step(State to, Ask next, Duration pause) {
        Step step = new Step(pause, state, to);
        state = to;
        ask = next;
        failures = 0;
        return step;
    }
}
