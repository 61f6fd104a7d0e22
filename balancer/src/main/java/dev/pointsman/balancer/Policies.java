package dev.pointsman.balancer;

import dev.pointsman.pick.Policy;
import dev.pointsman.pick.PolicyInputs;
import dev.pointsman.pool.PickPolicy;
import java.util.function.LongSupplier;

/** The source of this balancer's pick policies: makes one for each pool. */
final class Policies {
    /**
     * The secret of sticky cookies where none is configured. All balancers know it: cookies then outlive a restart and are
     * understood by all of them, but a client that knows node and id of an instance can forge its cookie, and by that choose
     * the instance.
     */
    private static final String KNOWN_TO_ALL = "pointsman: no secret was set";

    private final PolicyInputs inputs;

    /**
     * @param stickySecret empty for {@link #KNOWN_TO_ALL}
     * @param seeds where policies that draw begin
     */
    Policies(String stickySecret, LongSupplier seeds) {
        inputs = new PolicyInputs(seeds, stickySecret.isEmpty() ? KNOWN_TO_ALL : stickySecret);
    }

    PickPolicy make(Policy policy) {
        return policy.make(inputs);
    }
}
