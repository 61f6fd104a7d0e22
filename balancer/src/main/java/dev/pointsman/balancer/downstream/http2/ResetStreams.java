package dev.pointsman.balancer.downstream.http2;

import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection that were reset lately, and by whom: of those that we have reset, frames may be under way that are
 * nobody's fault (RFC 9113, 5.1). For one event loop.
 */
final class ResetStreams {
    /** As many as can have been under way at a time. */
    private static final int REMEMBERED = Http2ClientHandler.MOST_STREAMS;

    private int @Nullable [] last;
    private int next;

    /** Notes that we have reset a stream. */
    void byUs(int id) {
        note(id);
    }

    /** Notes that the client has reset a stream. */
    void byClient(int id) {
        note(-id);
    }

    private void note(int signed) {
        int[] all = last;
        if (all == null) {
            all = new int[REMEMBERED];
            last = all;
        }
        all[next] = signed;
        next = (next + 1) % REMEMBERED;
    }

    boolean isByUs(int id) {
        return isNoted(id);
    }

    boolean isByClient(int id) {
        return isNoted(-id);
    }

    private boolean isNoted(int signed) {
        int[] all = last;
        if (all != null) {
            for (int one : all) {
                if (one == signed) {
                    return true;
                }
            }
        }
        return false;
    }
}
