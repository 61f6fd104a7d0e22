package dev.pointsman.balancer.health;

import java.util.function.Consumer;

/** A client that sends the requests of checks. */
interface HealthClient extends AutoCloseable {
    /**
     * Checks an instance once.
     *
     * @param done is given the result, once, on the caller's loop, not much later than the rule's timeout: then nothing of the
     *     check is under way any more
     */
    void check(CheckSubject subject, Consumer<CheckResult> done);

    /** Ends what is under way. */
    @Override
    void close();
}
