package dev.pointsman.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
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

    /** Bytes, or bytes per second, with the units of flags. */
    static String bytes(JsonNode value) {
        double number = value.asDouble();
        if (!value.isNumber() || number < 1024) {
            return of(value);
        }
        double left = number;
        String unit = "";
        for (String larger : List.of("k", "m", "g")) {
            if (left >= 1024) {
                left /= 1024;
                unit = larger;
            }
        }
        return String.format(Locale.ROOT, left < 100 ? "%.1f" : "%.0f", left) + unit;
    }

    /** A count. */
    static String count(JsonNode value) {
        return value.isNumber() ? Long.toString(value.asLong()) : UNKNOWN;
    }
}
