package dev.pointsman.balancer.trace;

import org.jspecify.annotations.Nullable;

/**
 * The value of a field {@code traceparent} (W3C Trace Context, 3.2).
 *
 * @param traceId 32 hexadecimal digits
 * @param parentId 16 hexadecimal digits: the sender's span
 * @param sampled whether the sender may have recorded it: the only flag that is defined, others are not passed on
 */
record Traceparent(String traceId, String parentId, boolean sampled) {
    static final String FIELD = "traceparent";

    private static final int TRACE_ID = 3;
    private static final int PARENT_ID = 36;
    private static final int FLAGS = 53;
    private static final int LENGTH = 55;

    /** What a value says; null for one that is not valid, so that the request belongs to no trace that is known. */
    static @Nullable Traceparent parse(String value) {
        if (value.length() < LENGTH
                || !isVersion(value)
                || !isHex(value, TRACE_ID, PARENT_ID - 1)
                || value.charAt(PARENT_ID - 1) != '-'
                || !isHex(value, PARENT_ID, FLAGS - 1)
                || value.charAt(FLAGS - 1) != '-'
                || !isHex(value, FLAGS, LENGTH)
                || isZero(value, TRACE_ID, PARENT_ID - 1)
                || isZero(value, PARENT_ID, FLAGS - 1)) {
            return null;
        }
        boolean sampled = (Character.digit(value.charAt(LENGTH - 1), 16) & 1) == 1;
        return new Traceparent(
                value.substring(TRACE_ID, PARENT_ID - 1), value.substring(PARENT_ID, FLAGS - 1), sampled);
    }

    /** The value to be sent, in the version that is known here. */
    static String text(String traceId, String spanId, boolean sampled) {
        return "00-" + traceId + '-' + spanId + (sampled ? "-01" : "-00");
    }

    /** Whether the version is known, or a later one, which may have more behind what is known (3.3). */
    private static boolean isVersion(String value) {
        if (!isHex(value, 0, 2) || value.charAt(2) != '-' || value.startsWith("ff")) {
            return false;
        }
        return value.length() == LENGTH || (!value.startsWith("00") && value.charAt(LENGTH) == '-');
    }

    private static boolean isHex(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (value.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
