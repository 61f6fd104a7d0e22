package dev.pointsman.balancer.upstream.http2;

/**
 * The window of one response: what its upstream may send ahead of what was passed on. It begins small, and doubles each time as much
 * as it holds has been passed on to a client that keeps up, so that a way with much delay is filled; what the windows of a connection have
 * grown by is bounded for all of them together. For one event loop.
 */
final class ResponseWindow {
    /** Bytes that any response begins with: what a client that reads nothing may have us hold. */
    static final int FIRST = 64 * 1024;

    /** Bytes that one may grow to: 100 MB/s at a round trip of 20 ms. */
    static final int LARGEST = 2 * 1024 * 1024;

    private final Growth growth;
    private int size = FIRST;
    private int passed;

    /** The bytes by which the windows of one connection may have grown, together. */
    static final class Growth {
        /** Three of the largest, about. */
        static final int MOST = 6 * 1024 * 1024;

        private int left = MOST;

        private int take(int bytes) {
            if (bytes > left) {
                return 0;
            }
            left -= bytes;
            return bytes;
        }

        private void giveBack(int bytes) {
            left += bytes;
        }
    }

    ResponseWindow(Growth growth) {
        this.growth = growth;
    }

    /**
     * Notes that bytes were passed on.
     *
     * @param keepsUp whether the client took them as they came
     * @return bytes by which the window grows now; mostly 0
     */
    int passedOn(int bytes, boolean keepsUp) {
        if (size == LARGEST) {
            return 0;
        }
        passed += bytes;
        if (passed < size) {
            return 0;
        }
        passed = 0;
        int more = keepsUp ? growth.take(Math.min(size, LARGEST - size)) : 0;
        size += more;
        return more;
    }

    /** Gives back what it had grown by, as its response is over. */
    void end() {
        growth.giveBack(size - FIRST);
        size = FIRST;
    }
}
