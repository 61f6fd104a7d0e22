package dev.pointsman.balancer.route;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of statuses of responses, written as {@code 200-299,304}. Immutable.
 *
 * @param ranges in the order in which they were written
 */
public record StatusRanges(List<StatusRange> ranges) {
    private static final Pattern RANGE = Pattern.compile("([2-5]\\d\\d)(?:-([2-5]\\d\\d))?");

    /**
     * Statuses that follow each other.
     *
     * @param least the first of them
     * @param most the last of them, itself included
     */
    public record StatusRange(int least, int most) {
        @Override
        public String toString() {
            return least == most ? String.valueOf(least) : least + "-" + most;
        }
    }

    public StatusRanges {
        ranges = List.copyOf(ranges);
    }

    /** Reads statuses and ranges of them, separated by commas; null if the text is anything else. */
    public static @Nullable StatusRanges parse(String text) {
        List<StatusRange> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part.strip());
            if (!range.matches()) {
                return null;
            }
            int least = Integer.parseInt(range.group(1));
            int most = range.group(2) == null ? least : Integer.parseInt(range.group(2));
            if (most < least) {
                return null;
            }
            ranges.add(new StatusRange(least, most));
        }
        return new StatusRanges(ranges);
    }

    public boolean contains(int status) {
        for (StatusRange range : ranges) {
            if (status >= range.least() && status <= range.most()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return ranges.stream().map(StatusRange::toString).collect(Collectors.joining(","));
    }
}
