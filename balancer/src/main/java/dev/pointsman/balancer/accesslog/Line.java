package dev.pointsman.balancer.accesslog;

import java.nio.charset.StandardCharsets;

/**
 * The line that is being made: bytes, of a bounded number. A value that is longer than {@value #LONGEST_VALUE} bytes as it is
 * written is cut, and so is the whole; an ellipsis says so, which no byte of a request is ever written as. For one event
 * loop, which uses it again for each line.
 */
final class Line {
    /** All values of the longest format together, each as long as it may be, are shorter. */
    static final int LONGEST = 32 * 1024;

    static final int LONGEST_VALUE = 2048;

    private static final byte[] CUT = "\u2026".getBytes(StandardCharsets.UTF_8);
    private static final int MOST = LONGEST - CUT.length - 1;

    private final byte[] bytes = new byte[LONGEST];
    private final DateText dates = new DateText();
    private int length;
    private int valueEnd;
    private boolean full;
    private long endedMillis;

    /** Begins another line, of a request that ended at this time of the wall clock. */
    void begin(long atMillis) {
        length = 0;
        valueEnd = LONGEST;
        full = false;
        endedMillis = atMillis;
    }

    /** When its request ended, in milliseconds since 1970. */
    long endedMillis() {
        return endedMillis;
    }

    DateText dates() {
        return dates;
    }

    /** Adds one byte. */
    void put(int value) {
        if (length < MOST) {
            bytes[length++] = (byte) value;
        } else {
            full = true;
        }
    }

    /** Adds bytes that are written down in the program or in its configuration. */
    void put(byte[] own) {
        int room = Math.min(own.length, MOST - length);
        System.arraycopy(own, 0, bytes, length, room);
        length += room;
        full |= room < own.length;
    }

    /**
     * Adds characters of a value as they are: visible ASCII without quotes and backslashes.
     *
     * @param first the first of ASCII that counts as visible: a blank, or the one behind it
     * @return where the first one is that is another, or for which there is no room
     */
    int plain(String value, int from, int to, char first) {
        byte[] into = bytes;
        int at = length;
        int i = from;
        int end = Math.min(to, from + Math.min(valueEnd, MOST) - at);
        while (i < end) {
            char c = value.charAt(i);
            if (c < first || c >= 0x7f || c == '"' || c == '\\') {
                break;
            }
            into[at++] = (byte) c;
            i++;
        }
        length = at;
        return i;
    }

    /** Begins a value, of which {@link #isValueFull} tells whether it is as long as it may be. */
    void beginValue() {
        valueEnd = length + LONGEST_VALUE;
    }

    boolean isValueFull() {
        return length >= valueEnd;
    }

    /** Ends a value that goes on. */
    void cutValue() {
        put(CUT);
    }

    /** Adds a number in decimal digits. */
    void number(long value) {
        // From the negative side, of which there is one more number.
        long negative = value < 0 ? value : -value;
        if (value < 0) {
            put('-');
        }
        int digits = 1;
        for (long left = negative / 10; left != 0; left /= 10) {
            digits++;
        }
        digits(negative, digits);
    }

    /** Adds a number of which so many digits are written, with zeros before them. */
    void padded(int value, int digits) {
        digits(-value, digits);
    }

    /** The last digit first: to divide by a constant costs a fraction of any other division. */
    private void digits(long negative, int digits) {
        if (length + digits > MOST) {
            full = true;
            return;
        }
        length += digits;
        long left = negative;
        for (int at = length - 1; at >= length - digits; at--) {
            bytes[at] = (byte) ('0' - left % 10);
            left /= 10;
        }
    }

    /** Ends the line. */
    void end() {
        if (full) {
            System.arraycopy(CUT, 0, bytes, length, CUT.length);
            length += CUT.length;
        }
        bytes[length++] = '\n';
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
