package dev.pointsman.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The known name that is nearest to one that is not known: what was probably meant. */
public final class NearestName {
    /** No name is longer; a whole paragraph is not worth the comparison. */
    private static final int LONGEST = 64;

    private NearestName() {}

    /**
     * A hint as the end of a message, {@code . Did you mean port?}; empty if no name is near.
     *
     * @param known the names, of which the first in their order is taken where several are equally near
     */
    public static String hint(String given, Collection<String> known) {
        String text = given.strip().toLowerCase(Locale.ROOT);
        if (text.length() > LONGEST) {
            return "";
        }
        List<String> sorted = List.copyOf(new TreeSet<>(known));
        // Of v1 and v2 neither is what v3 was a slip of the pen for.
        boolean isAnyNumber = sorted.stream()
                        .filter(each -> isOtherNumber(text, each.toLowerCase(Locale.ROOT)))
                        .count()
                > 1;
        return sorted.stream()
                .filter(each -> !isAnyNumber || !isOtherNumber(text, each.toLowerCase(Locale.ROOT)))
                .filter(each -> distance(text, each.toLowerCase(Locale.ROOT)) <= Math.max(1, each.length() / 3))
                .min(Comparator.comparingInt(each -> distance(text, each.toLowerCase(Locale.ROOT))))
                .map(nearest -> ". Did you mean " + nearest + "?")
                .orElse("");
    }

    /** Whether nothing but digits differ. */
    private static boolean isOtherNumber(String one, String other) {
        return !one.equals(other) && one.replaceAll("\\d", "0").equals(other.replaceAll("\\d", "0"));
    }

    /** The number of characters to put in, leave out, replace or exchange with their neighbor (Damerau's distance). */
    private static int distance(String one, String other) {
        int[][] d = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[one.length()][other.length()];
    }
}
