package dev.pointsman.balancer.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A rewriting of paths by one regular expression: its first match in a path is replaced. In RE2's syntax, which takes time
 * linear in the path, whatever the expression. Immutable, thread-safe.
 */
public final class RegexRewrite {
    /** The form of a replacement, in words. */
    public static final String EXPECTED_REPLACEMENT =
            "visible ASCII characters without #, in which $1 to $9 and ${NAME}"
                    + " stand for groups of the expression, $0 for all that it matched and $$ for a dollar";

    /** The longest expression, in characters. */
    static final int LONGEST = 512;

    /** The largest program of an expression: at the worst a path takes as many steps for each of its characters. */
    static final int LARGEST = 256;

    private static final int SHOWN = 120;

    private final Pattern pattern;
    private final String replacement;

    private RegexRewrite(Pattern pattern, String replacement) {
        this.pattern = pattern;
        this.replacement = replacement;
    }

    /** Thrown for an expression or a replacement that cannot be used; its message says why. */
    public static final class BadRewriteException extends Exception {
        private static final long serialVersionUID = 1;

        BadRewriteException(String message) {
            super(message);
        }
    }

    /**
     * A rewriting.
     *
     * @param expression in RE2's syntax, up to {@value #LONGEST} characters and a program of {@value #LARGEST} steps: a tag
     *     may bring it, and it runs on the event loops
     * @param replacement see {@link #EXPECTED_REPLACEMENT}
     */
    public static RegexRewrite of(String expression, String replacement) throws BadRewriteException {
        Pattern pattern = compiled(expression);
        boolean visible = replacement.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#');
        RegexRewrite rewrite = new RegexRewrite(pattern, replacement);
        if (!visible || rewrite.expand(null) == null) {
            throw new BadRewriteException(shown(replacement) + " (expected: " + EXPECTED_REPLACEMENT
                    + "; this expression has " + pattern.groupCount() + " groups)");
        }
        return rewrite;
    }

    private static Pattern compiled(String expression) throws BadRewriteException {
        if (expression.length() > LONGEST || ExpressionSize.of(expression, 2 * LARGEST) > 2 * LARGEST) {
            throw tooLarge(expression);
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(expression);
        } catch (PatternSyntaxException bad) {
            throw new BadRewriteException(
                    shown(expression) + " (expected: a regular expression of RE2: " + bad.getDescription() + ")");
        }
        if (pattern.programSize() > LARGEST) {
            throw tooLarge(expression);
        }
        return pattern;
    }

    private static String shown(String text) {
        String line = text.replace("\r", "\\r").replace("\n", "\\n");
        return "\"" + (line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line) + "\"";
    }

    private static BadRewriteException tooLarge(String expression) {
        return new BadRewriteException(shown(expression) + " (expected: a smaller regular expression: up to " + LONGEST
                + " characters, and up to " + LARGEST + " when its counted repetitions are written out)");
    }

    /** The path with the first match replaced, or null if there is none. A query may have come in with the replacement. */
    @Nullable
    String apply(String path) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.find()) {
            return null;
        }
        return path.substring(0, matcher.start()) + expand(matcher) + path.substring(matcher.end());
    }

    /** The replacement with its groups filled in, or null if it names one that there is not; null stands for empty groups. */
    private @Nullable String expand(@Nullable Matcher match) {
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < replacement.length()) {
            char c = replacement.charAt(i++);
            if (c != '$') {
                text.append(c);
                continue;
            }
            char next = i < replacement.length() ? replacement.charAt(i) : ' ';
            int end = next == '{' ? replacement.indexOf('}', i) : i;
            if (next == '$') {
                text.append('$');
            } else if (next >= '0' && next <= '9' && next - '0' <= pattern.groupCount()) {
                text.append(group(match, next - '0'));
            } else if (next == '{' && end > 0 && groupNamed(replacement.substring(i + 1, end)) >= 0) {
                text.append(group(match, groupNamed(replacement.substring(i + 1, end))));
            } else {
                return null;
            }
            i = end + 1;
        }
        return text.toString();
    }

    private int groupNamed(String name) {
        if (name.length() == 1 && name.charAt(0) >= '0' && name.charAt(0) <= '9') {
            return name.charAt(0) - '0' <= pattern.groupCount() ? name.charAt(0) - '0' : -1;
        }
        Integer index = pattern.namedGroups().get(name);
        return index == null ? -1 : index;
    }

    private static String group(@Nullable Matcher match, int index) {
        String text = match == null ? null : match.group(index);
        return text == null ? "" : text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RegexRewrite rewrite
                && rewrite.pattern.pattern().equals(pattern.pattern())
                && rewrite.replacement.equals(replacement);
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode() * 31 + replacement.hashCode();
    }

    @Override
    public String toString() {
        return pattern.pattern() + " -> " + replacement;
    }
}
