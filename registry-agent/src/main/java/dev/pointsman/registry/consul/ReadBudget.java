package dev.pointsman.registry.consul;

/**
 * The memory that responses of Consul's may take while they are read: a limit for each, and one for all that are read at a
 * time. Not thread-safe.
 */
final class ReadBudget {
    private static final long MEBI = 1024 * 1024;

    private final long each;
    private final long all;
    private long taken;

    /**
     * Creates a budget of which nothing is taken.
     *
     * @param each the most bytes of one response
     * @param all the most bytes of all responses that are read at a time
     */
    ReadBudget(long each, long all) {
        this.each = each;
        this.all = all;
    }

    /** A sixteenth of the heap for each, 64 MiB at the most; twice as much for all at a time. */
    static ReadBudget ofHeap() {
        long each = Math.min(64 * MEBI, Runtime.getRuntime().maxMemory() / 16);
        return new ReadBudget(each, 2 * each);
    }

    /** Whether a response of so many bytes is never read, whatever else is. */
    boolean isTooLong(long bytes) {
        return bytes > each;
    }

    /** Takes bytes out of the budget for all; false, and none are taken, if they are not there. */
    boolean take(long bytes) {
        if (taken + bytes > all) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /** Puts bytes back. */
    void putBack(long bytes) {
        taken -= bytes;
    }

    /** The limit for each response, for sentences. */
    String limit() {
        return each >= MEBI ? each / MEBI + " MiB" : each + " bytes";
    }
}
