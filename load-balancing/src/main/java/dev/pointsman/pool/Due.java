package dev.pointsman.pool;

/** The earliest of some moments on a clock that may be at any value, in nanoseconds, if there is one. */
final class Due {
    private boolean set;
    private long earliest;

    void at(long moment) {
        if (!set || moment - earliest < 0) {
            earliest = moment;
            set = true;
        }
    }

    boolean isSet() {
        return set;
    }

    long earliest() {
        return earliest;
    }
}
