package dev.pointsman.system.console;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A command of a block, as it is typed, and the lines of output that stand below it; none: any output will do. */
record ConsoleCommand(String text, List<String> output) {
    private static final String PROMPT = "$ ";

    /** What asks and changes nothing. */
    private static final Pattern QUESTION = Pattern.compile(
            "curl (?!.*(-X|-d|--data|-o|-T)\\b).*|\\./pointsman (list|status|changes|routes|explain|top --once)\\b.*");

    ConsoleCommand {
        output = List.copyOf(output);
    }

    /**
     * Reads the lines of a block. A line that begins with {@code $ } is a command, and so is what follows it as long as it ends
     * with a backslash or within quotes.
     *
     * @throws IllegalArgumentException if something stands before the first command
     */
    static List<ConsoleCommand> parse(List<String> lines) {
        List<ConsoleCommand> commands = new ArrayList<>();
        int i = 0;
        while (i < lines.size()) {
            if (!lines.get(i).startsWith(PROMPT)) {
                throw new IllegalArgumentException("\"" + lines.get(i) + "\" (expected: a command behind \"$ \")");
            }
            StringBuilder text = new StringBuilder(lines.get(i++).substring(PROMPT.length()));
            while (isOpen(text) && i < lines.size()) {
                text.append('\n').append(lines.get(i++));
            }
            List<String> output = new ArrayList<>();
            while (i < lines.size() && !lines.get(i).startsWith(PROMPT)) {
                output.add(lines.get(i++));
            }
            commands.add(new ConsoleCommand(text.toString(), output));
        }
        return commands;
    }

    /** Whether a shell would ask for another line. */
    private static boolean isOpen(CharSequence text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && c == '#' && (i == 0 || text.charAt(i - 1) == ' ')) {
                int end = text.toString().indexOf('\n', i);
                i = end < 0 ? text.length() : end;
            } else if (c == '\\' && quote != '\'') {
                if (++i == text.length()) {
                    return true;
                }
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
        }
        return quote != 0;
    }

    /** Whether it may be typed again until the output is the expected one: what it asks about may take a moment. */
    boolean isQuestion() {
        return QUESTION.matcher(text).matches();
    }
}
