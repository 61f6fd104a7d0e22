package dev.pointsman.system;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A known flaw of a dependency, as docs/known-flaws.txt has it.
 *
 * @param artifact group and artifact
 * @param fixed the first version without it
 * @param id its CVE
 * @param words what an attacker gains, or why it is accepted
 * @param accepted whether a version with it may be used
 */
record KnownFlaw(String artifact, String fixed, String id, String words, boolean accepted) {
    private static final Pattern LINE =
            Pattern.compile("(accepted\\s+)?([\\w.-]+:[\\w.-]+)\\s+(\\d[\\w.-]*)\\s+(CVE-\\d{4}-\\d{4,})\\s+(\\S.*)");

    private static final Pattern CHECKED = Pattern.compile("checked\\s+(\\d{4}-\\d{2}-\\d{2})");
    private static final Pattern PRE_RELEASE = Pattern.compile("(?i)(alpha|beta|rc|cr|m)[.-]?\\d*");

    /**
     * A list of flaws.
     *
     * @param checked the day on which it was last compared with what is known
     */
    record FlawList(LocalDate checked, List<KnownFlaw> flaws) {}

    static FlawList read(List<String> lines) {
        List<KnownFlaw> flaws = new ArrayList<>();
        LocalDate checked = null;
        for (String line : lines) {
            Matcher day = CHECKED.matcher(line.strip());
            Matcher flaw = LINE.matcher(line.strip());
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (day.matches()) {
                checked = LocalDate.parse(day.group(1));
            } else if (flaw.matches()) {
                flaws.add(new KnownFlaw(
                        flaw.group(2), flaw.group(3), flaw.group(4), flaw.group(5), flaw.group(1) != null));
            } else {
                throw new AssertionError("\"" + line + "\" (expected: GROUP:ARTIFACT FIXED-IN CVE-... and words)");
            }
        }
        if (checked == null) {
            throw new AssertionError("no line 'checked YEAR-MONTH-DAY'");
        }
        return new FlawList(checked, flaws);
    }

    /**
     * The sentences about coordinates that a build resolved.
     *
     * @param coordinates {@code group:artifact:jar:version}, perhaps with a classifier before the version
     */
    static List<String> problems(List<KnownFlaw> flaws, Iterable<String> coordinates) {
        List<String> problems = new ArrayList<>();
        for (String each : coordinates) {
            String[] parts = each.split(":", -1);
            String version = parts[parts.length - 1];
            for (KnownFlaw flaw : flaws) {
                boolean fixed = compare(version, flaw.fixed()) >= 0;
                if (!flaw.artifact().equals(parts[0] + ":" + parts[1])) {
                    continue;
                }
                if (!fixed && !flaw.accepted()) {
                    problems.add(each + " has " + flaw.id() + ", fixed in " + flaw.fixed() + ": " + flaw.words());
                } else if (fixed && flaw.accepted()) {
                    problems.add(each + " no longer has " + flaw.id() + ": take its line 'accepted' away");
                }
            }
        }
        return problems;
    }

    /** Compares versions by their numbers; one that precedes a release is lower. What else follows the numbers does not count. */
    static int compare(String a, String b) {
        String[] left = a.split("[.-]", -1);
        String[] right = b.split("[.-]", -1);
        for (int i = 0; i < Math.max(numbers(left), numbers(right)); i++) {
            int order = Long.compare(number(left, i), number(right, i));
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(!isPreRelease(left), !isPreRelease(right));
    }

    private static int numbers(String[] parts) {
        int count = 0;
        while (count < parts.length && parts[count].matches("\\d+")) {
            count++;
        }
        return count;
    }

    private static long number(String[] parts, int at) {
        return at < numbers(parts) ? Long.parseLong(parts[at]) : 0;
    }

    private static boolean isPreRelease(String[] parts) {
        int at = numbers(parts);
        return at < parts.length && PRE_RELEASE.matcher(parts[at]).matches();
    }
}
