package dev.pointsman.launcher.plan;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A change of the number of instances, absolute or relative.
 *
 * @param relative whether it counts from the number that there is
 * @param number how many, or how many more
 */
public record Scale(boolean relative, int number) {
    private static final Pattern FORM = Pattern.compile("[+-]?[0-9]{1,3}");

    /** Reads {@code 3}, {@code +1} or {@code -1}; empty if it is none of these. */
    public static Optional<Scale> parse(String change) {
        if (!FORM.matcher(change).matches()) {
            return Optional.empty();
        }
        boolean relative = change.startsWith("+") || change.startsWith("-");
        return Optional.of(new Scale(relative, Integer.parseInt(change)));
    }

    /** The new number of instances. */
    public int from(int before) {
        return Math.max(0, relative ? before + number : number);
    }
}
