package dev.pointsman.balancer.route;

/**
 * An estimate of how large the program of a regular expression becomes, made before it is compiled: counted repetitions within
 * each other multiply, so that twenty characters can fill the memory. Not less than the steps that a character of the
 * text may take.
 */
final class ExpressionSize {
    private final String expression;
    private int at;

    private ExpressionSize(String expression) {
        this.expression = expression;
    }

    /**
     * The estimate.
     *
     * @param enough where it ends: what is larger is not told from what is much larger
     */
    static long of(String expression, long enough) {
        return new ExpressionSize(expression).alternatives(enough);
    }

    /** Reads up to the end of a group, or of all. */
    private long alternatives(long enough) {
        long size = 0;
        long last = 0;
        while (at < expression.length() && size <= enough) {
            char c = expression.charAt(at++);
            if (c == ')') {
                return size;
            }
            if (c == '*' || c == '+' || c == '?' || c == '{') {
                long times = c == '{' ? times() : 1;
                long added = c == '{' ? last * (times - 1) : 1;
                size += added;
                last += added;
                continue;
            }
            last = switch (c) {
                case '(' -> group(enough);
                case '[' -> characters();
                case '\\' -> escaped();
                default -> 1;
            };
            size += last;
        }
        return size;
    }

    private long group(long enough) {
        if (at < expression.length() && expression.charAt(at) == '?') {
            while (at < expression.length() && ":>)".indexOf(expression.charAt(at)) < 0) {
                at++;
            }
            if (at < expression.length() && expression.charAt(at) != ')') {
                at++;
            }
        }
        return alternatives(enough) + 2;
    }

    /** A class of characters, as large as what stands in it at most. */
    private long characters() {
        int begun = at;
        // A bracket right behind the first one, or behind its ^, is a character.
        at += at < expression.length() && expression.charAt(at) == '^' ? 1 : 0;
        at += at < expression.length() && expression.charAt(at) == ']' ? 1 : 0;
        while (at < expression.length() && expression.charAt(at) != ']') {
            if (expression.startsWith("[:", at) && expression.indexOf(":]", at) > 0) {
                at = expression.indexOf(":]", at) + 2;
            } else {
                at += expression.charAt(at) == '\\' ? 2 : 1;
            }
        }
        at = Math.min(at + 1, expression.length());
        return 1L + (at - begun) / 8;
    }

    private long escaped() {
        if (at >= expression.length()) {
            return 1;
        }
        char c = expression.charAt(at++);
        if (c == 'Q') {
            int end = expression.indexOf("\\E", at);
            int length = (end < 0 ? expression.length() : end) - at;
            at = end < 0 ? expression.length() : end + 2;
            return Math.max(1, length);
        }
        if ((c == 'p' || c == 'P' || c == 'x') && at < expression.length() && expression.charAt(at) == '{') {
            int end = expression.indexOf('}', at);
            at = end < 0 ? expression.length() : end + 1;
        }
        return 1;
    }

    /** The most repetitions of a count in braces; 1 if it is none, and so characters. */
    private long times() {
        int end = expression.indexOf('}', at);
        if (end < 0) {
            return 1;
        }
        String[] bounds = expression.substring(at, end).split(",", -1);
        String most = bounds.length == 2 && !bounds[1].isEmpty() ? bounds[1] : bounds[0];
        boolean isCount = bounds.length <= 2
                && !most.isEmpty()
                && most.length() < 10
                && most.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isCount) {
            return 1;
        }
        at = end + 1;
        return Math.max(1, Long.parseLong(most)) + (bounds.length == 2 ? 1 : 0);
    }
}
