package dev.pointsman.balancer.admin;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * What the admin API can do with instances, for this balancer alone. Each completes when no request that begins from then on goes
 * by what was before; one that is refused fails with {@link WriteRefusedException}.
 */
public interface InstanceControl {
    /** Takes an instance out of service until it is readmitted; what is in flight finishes. */
    Future<InstanceChange> drain(String id, @Nullable String node, String who);

    /** Ends what keeps requests from an instance here: that it is drained, or ejected. */
    Future<InstanceChange> readmit(String id, @Nullable String node, String who);

    /**
     * What became of an instance. Immutable.
     *
     * @param summary for people, in a sentence
     */
    record InstanceChange(String id, String node, String summary) {}
}
