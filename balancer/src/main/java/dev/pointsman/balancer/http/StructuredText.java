package dev.pointsman.balancer.http;

import java.nio.charset.StandardCharsets;

/**
 * A writer of values for structured fields (RFC 9651). What it writes is visible ASCII and spaces whatever it is given, so
 * that no value can end its field or begin another. Not thread-safe.
 */
public final class StructuredText {
    private static final String CUT = "...";
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder();

    /** Adds text as it is: keys, tokens and punctuation that are written down in the program. */
    public StructuredText add(String own) {
        out.append(own);
        return this;
    }

    /** Adds what separates this member of a list or dictionary from the one before it, if there is one. */
    public StructuredText member() {
        if (!out.isEmpty()) {
            out.append(", ");
        }
        return this;
    }

    /**
     * Adds a String (RFC 9651, 3.3.3), or where it has other than visible ASCII and spaces a Display String (3.3.8).
     *
     * @param most characters that are written between the quotes; a longer one is cut, and ends with three dots
     */
    public StructuredText text(String value, int most) {
        boolean plain = value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        out.append(plain ? "\"" : "%\"");
        int begin = out.length();
        int fits = begin;
        for (int i = 0; i < value.length(); ) {
            int code = value.codePointAt(i);
            if (plain) {
                escaped((char) code);
            } else {
                encoded(code);
            }
            if (out.length() - begin > most) {
                out.setLength(fits);
                out.append(CUT);
                break;
            }
            fits = out.length() - begin <= most - CUT.length() ? out.length() : fits;
            i += Character.charCount(code);
        }
        out.append('"');
        return this;
    }

    private void escaped(char c) {
        if (c == '"' || c == '\\') {
            out.append('\\');
        }
        out.append(c);
    }

    private void encoded(int code) {
        for (byte each : Character.toString(code).getBytes(StandardCharsets.UTF_8)) {
            if (each < 0x20 || each == 0x7f || each == '%' || each == '"') {
                out.append('%').append(HEX.charAt((each >> 4) & 15)).append(HEX.charAt(each & 15));
            } else {
                out.append((char) each);
            }
        }
    }

    /** Adds an Integer. */
    public StructuredText number(long value) {
        out.append(value);
        return this;
    }

    /** Adds a Decimal of milliseconds, to the microsecond. */
    public StructuredText millis(long nanos) {
        long micros = Math.max(0, nanos) / 1000;
        String fraction = Long.toString(1000 + micros % 1000).substring(1);
        int end = fraction.endsWith("00") ? 1 : fraction.endsWith("0") ? 2 : 3;
        out.append(micros / 1000).append('.').append(fraction, 0, end);
        return this;
    }

    public boolean isEmpty() {
        return out.isEmpty();
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
