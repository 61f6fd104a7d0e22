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
        for (byte each : own) {
            put(each);
        }
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
        if (value < 0) {
            put('-');
            // Its digits from the negative side, of which there is one more number.
            digits(value);
        } else {
            digits(-value);
        }
    }

    private void digits(long negative) {
        long power = -1;
        while (negative / 10 <= power) {
            power *= 10;
        }
        for (long left = negative; power != 0; power /= 10) {
            put((int) ('0' + left / power));
            left %= power;
        }
    }

    /** Adds a number of which so many digits are written, with zeros before them. */
    void padded(int value, int digits) {
        int power = 1;
        for (int i = 1; i < digits; i++) {
            power *= 10;
        }
        for (int left = value; power != 0; power /= 10) {
            put('0' + left / power);
            left %= power;
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
