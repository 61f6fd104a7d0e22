package dev.pointsman.launcher;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A change of the number of instances, as {@link Operations#scale} takes it.
 *
 * @param relative whether it counts from the number that there is
 * @param number how many, or how many more
 */
record Scale(boolean relative, int number) {
    private static final Pattern FORM = Pattern.compile("[+-]?[0-9]{1,3}");

    /** Empty when it is none. */
    static Optional<Scale> parse(String change) {
        if (!FORM.matcher(change).matches()) {
            return Optional.empty();
        }
        boolean relative = change.startsWith("+") || change.startsWith("-");
        return Optional.of(new Scale(relative, Integer.parseInt(change)));
    }

    int from(int before) {
        return Math.max(0, relative ? before + number : number);
    }
}
