package dev.pointsman.launcher.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A splitter of a command that was written as one line, by the rules for blanks, quotes and backslashes that a POSIX
 * shell has, but without a shell: nothing is looked up or expanded. {@code $PORT}, as Procfiles have it, becomes the
 * <code>{port}</code> of plans; whatever else only a shell can do is refused rather than passed on as a word.
 */
final class CommandWords {
    private static final Pattern PORT = Pattern.compile("\\$(PORT\\b|\\{PORT})");
    private static final String FOR_A_SHELL = "|&;<>()`";
    private static final String EXPECTED =
            " (expected: a program and its arguments; {port} for the port, and sh -c '...' where a shell is needed)";

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int at;

    private CommandWords(String line) {
        this.line = line;
    }

    /**
     * The words of a line.
     *
     * @throws IllegalArgumentException with a sentence, if a quote stays open or a shell would be needed
     */
    static List<String> split(String line) {
        return new CommandWords(line.strip()).split();
    }

    private List<String> split() {
        while (at < line.length()) {
            char c = line.charAt(at);
            switch (c) {
                case '\'' -> quoted('\'');
                case '"' -> quoted('"');
                case '\\' -> escaped();
                case '$' -> variable();
                case ' ', '\t' -> {
                    endWord();
                    at++;
                }
                default -> plain(c);
            }
        }
        endWord();
        return words;
    }

    private void plain(char c) {
        if (FOR_A_SHELL.indexOf(c) >= 0) {
            throw bad("'" + c + "' is for a shell, and none is in between");
        }
        word.append(c);
        inWord = true;
        at++;
    }

    private void quoted(char quote) {
        inWord = true;
        at++;
        while (at < line.length() && line.charAt(at) != quote) {
            char c = line.charAt(at);
            if (quote == '"' && c == '$') {
                variable();
            } else if (quote == '"' && c == '\\' && isEscapedInQuotes()) {
                escaped();
            } else {
                word.append(c);
                at++;
            }
        }
        if (at == line.length()) {
            throw bad("a quote stays open");
        }
        at++;
    }

    private boolean isEscapedInQuotes() {
        return at + 1 < line.length() && "\"\\$`".indexOf(line.charAt(at + 1)) >= 0;
    }

    private void escaped() {
        if (at + 1 == line.length()) {
            throw bad("ends with a backslash");
        }
        word.append(line.charAt(at + 1));
        inWord = true;
        at += 2;
    }

    private void variable() {
        inWord = true;
        Matcher port = PORT.matcher(line).region(at, line.length());
        if (port.lookingAt()) {
            word.append("{port}");
            at = port.end();
        } else if (at + 1 < line.length() && isNameStart(line.charAt(at + 1))) {
            throw bad("variables are for a shell, and none is in between");
        } else {
            word.append('$');
            at++;
        }
    }

    private static boolean isNameStart(char c) {
        return Character.isLetter(c) || c == '_' || c == '{' || c == '(';
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
            word.setLength(0);
            inWord = false;
        }
    }

    private IllegalArgumentException bad(String why) {
        return new IllegalArgumentException("\"" + line + "\": " + why + EXPECTED);
    }
}
