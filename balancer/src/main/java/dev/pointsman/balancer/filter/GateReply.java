package dev.pointsman.balancer.filter;

import dev.pointsman.balancer.resilience.FailureKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A response that a route gives in an instance's place. Immutable.
 *
 * @param failure why, where it is a refusal; its status and sentence are the response's
 * @param status of the response
 * @param fields beside those that every response has
 */
public record GateReply(@Nullable FailureKind failure, int status, List<ReplyField> fields) {
    /** A header field of a reply. */
    public record ReplyField(String name, String value) {}

    public GateReply {
        fields = List.copyOf(fields);
    }

    static GateReply refusal(FailureKind why, ReplyField... fields) {
        return new GateReply(why, why.status(), List.of(fields));
    }
}
