package dev.pointsman.balancer.proxy;

import dev.pointsman.balancer.http.StructuredText;
import dev.pointsman.balancer.resilience.FailureKind;
import org.jspecify.annotations.Nullable;

/** The notes on one attempt of a request that is explained. For one event loop. */
final class ExplainedAttempt {
    private static final int MOST_TEXT = 96;
    private static final long NEVER = -1;

    private final String id;
    private final String address;
    private final long begun;
    private long connected = NEVER;
    private long over = NEVER;
    private boolean reused;
    private int status;
    private @Nullable FailureKind failure;
    private @Nullable String next;

    /**
     * An attempt that begins.
     *
     * @param begun nanoseconds since the request came, as are all times here
     */
    ExplainedAttempt(String id, String address, long begun) {
        this.id = id;
        this.address = address;
        this.begun = begun;
    }

    void connected(boolean onUsedConnection, long at) {
        reused = onUsedConnection;
        connected = at;
    }

    void responded(int withStatus, long at) {
        status = withStatus;
        over = at;
    }

    /**
     * @param then what followed, in a word
     */
    void failed(FailureKind kind, String then, long at) {
        failure = kind;
        next = then;
        over = at;
    }

    void writeInstance(StructuredText out) {
        out.text(id, MOST_TEXT).add(";address=").text(address, MOST_TEXT);
    }

    /** Writes a member of a list. */
    void write(StructuredText out) {
        out.member();
        writeInstance(out);
        if (status > 0) {
            out.add(";status=").number(status);
        }
        if (failure != null) {
            out.add(";failure=").add(failure.code());
        }
        out.add(";start=").millis(begun);
        if (reused) {
            out.add(";reused");
        }
        if (connected != NEVER) {
            out.add(";connect=").millis(connected - begun);
        }
        if (over != NEVER) {
            out.add(status > 0 && failure == null ? ";head=" : ";failed=").millis(over - begun);
        }
        if (next != null) {
            out.add(";then=").add(next);
        }
    }
}
