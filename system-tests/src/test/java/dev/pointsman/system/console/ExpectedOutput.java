package dev.pointsman.system.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of output as a page shows them, compared with what was printed.
 *
 * <ul>
 *   <li>{@code ...} is any text within a line; a line of its own, any lines.
 *   <li>A number from 4700 to 4799, or with a 1 before it, stands for a process, or a port that is chosen anew each time: the
 *       same for the same, another one for another.
 *   <li>A time, a size or a percentage ({@code 3m12s}, {@code 45m}, {@code 0.4%}) stands for any.
 *   <li>So many blanks are as good as others, and those at the end of a line do not count.
 * </ul>
 */
final class ExpectedOutput {
    private static final String STAND_IN = "\\b1?47\\d\\d\\b";
    private static final String AMOUNT = "(?<![\\w.-])(?:\\d+(?:\\.\\d+)?(?:ms|[smhdkg%]))+(?!\\w)";
    private static final Pattern TOKEN =
            Pattern.compile("(?<any>\\.\\.\\.)|(?<standIn>" + STAND_IN + ")|(?<amount>" + AMOUNT + ")|(?<blanks>\\s+)");
    private static final Pattern STAND_IN_PATTERN = Pattern.compile(STAND_IN);

    private final Pattern pattern;
    private final List<String> standIns = new ArrayList<>();

    ExpectedOutput(List<String> lines) {
        StringBuilder regex = new StringBuilder();
        for (String line : lines) {
            if (line.strip().equals("...")) {
                regex.append("(?:.*\\n)*?");
            } else {
                appendLine(regex, line.stripTrailing());
                regex.append("\\s*?\\n");
            }
        }
        pattern = Pattern.compile(regex.toString());
    }

    private void appendLine(StringBuilder regex, String line) {
        Matcher token = TOKEN.matcher(line);
        int end = 0;
        while (token.find()) {
            regex.append(Pattern.quote(line.substring(end, token.start())));
            if (token.group("any") != null) {
                regex.append(".*?");
            } else if (token.group("standIn") != null) {
                standIns.add(token.group());
                regex.append("(\\d+)");
            } else if (token.group("amount") != null) {
                regex.append("\\S+");
            } else {
                regex.append("\\s+");
            }
            end = token.end();
        }
        regex.append(Pattern.quote(line.substring(end)));
    }

    /**
     * Compares.
     *
     * @param known what stands for what so far; what is seen for the first time is added where the output is the expected one
     */
    boolean matches(String output, Map<String, String> known) {
        Matcher matcher = pattern.matcher(output.stripTrailing() + "\n");
        return matcher.matches() && agrees(matcher, known);
    }

    /** The same for what goes on printing. */
    boolean matchesBeginning(String output, Map<String, String> known) {
        Matcher matcher = pattern.matcher(output.stripTrailing() + "\n");
        return matcher.lookingAt() && agrees(matcher, known);
    }

    private boolean agrees(Matcher matcher, Map<String, String> known) {
        Map<String, String> all = new HashMap<>(known);
        for (int i = 0; i < standIns.size(); i++) {
            String actual = matcher.group(i + 1);
            String before = all.get(standIns.get(i));
            if (before == null ? all.containsValue(actual) : !before.equals(actual)) {
                return false;
            }
            all.put(standIns.get(i), actual);
        }
        known.putAll(all);
        return true;
    }

    /** A command with the numbers that the page's stand for. */
    static String resolve(String command, Map<String, String> known) {
        return STAND_IN_PATTERN
                .matcher(command)
                .replaceAll(number -> known.getOrDefault(number.group(), number.group()));
    }
}
