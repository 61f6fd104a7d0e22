package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** The numbers of the live table as text: no more digits than can be read at a glance, and nothing small shown as none. */
final class TopNumbers {
    private static final String UNKNOWN = "-";
    private static final double LEAST_SHOWN = 0.01;

    private TopNumbers() {}

    /** A rate or a time; a dash while it is not known. */
    static String of(JsonNode value) {
        if (!value.isNumber()) {
            return UNKNOWN;
        }
        double number = value.asDouble();
        if (number == 0) {
            return "0";
        }
        if (number > 0 && number < LEAST_SHOWN) {
            return "<" + LEAST_SHOWN;
        }
        String form = number < 1 ? "%.2f" : number < 100 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, form, number);
    }

    /** A time with its unit. */
    static String millis(JsonNode value) {
        return value.isNumber() ? of(value) + " ms" : UNKNOWN;
    }

    /** A count. */
    static String count(JsonNode value) {
        return value.isNumber() ? Long.toString(value.asLong()) : UNKNOWN;
    }
}
