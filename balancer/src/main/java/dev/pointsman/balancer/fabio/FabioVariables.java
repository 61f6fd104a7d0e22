package dev.pointsman.balancer.fabio;

/**
 * The variables of fabio's tags: {@code $DC} and {@code ${DC}} are the datacenter, all others are empty. What begins a
 * variable is as in Go's {@code os.Expand}, which fabio calls.
 */
final class FabioVariables {
    private static final String SPECIAL = "*#$@!?-0123456789";

    private FabioVariables() {}

    /** The text with its variables replaced. */
    static String expand(String text, String datacenter) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder expanded = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = c == '$' ? end(text, at + 1) : at;
            if (end <= at + 1) {
                expanded.append(c);
                at++;
            } else {
                expanded.append(isDatacenter(text.substring(at + 1, end)) ? datacenter : "");
                at = end;
            }
        }
        return expanded.toString();
    }

    private static boolean isDatacenter(String variable) {
        return variable.equals("DC") || variable.equals("{DC}");
    }

    /** Where a variable ends whose name, or brace, may begin at {@code start}; {@code start} if there is none. */
    private static int end(String text, int start) {
        if (start == text.length()) {
            return start;
        }
        char c = text.charAt(start);
        if (c == '{') {
            int close = text.indexOf('}', start);
            return close < 0 ? start + 1 : close + 1;
        }
        if (SPECIAL.indexOf(c) >= 0) {
            return start + 1;
        }
        int end = start;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isNamePart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
}
