package dev.pointsman.cli.pm2;

/** JSON as people write it for PM2, which reads it as JavaScript: with comments and tabs, which YAML has not. */
final class RelaxedJson {
    private RelaxedJson() {}

    /** The same text with blanks for comments and tabs, so that what is left stands in the same line and column. */
    static String withoutComments(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        char quote = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quote != 0) {
                plain.append(c);
                if (c == '\\' && at + 1 < text.length()) {
                    plain.append(text.charAt(++at));
                } else if (c == quote) {
                    quote = 0;
                }
                at++;
            } else if (text.startsWith("//", at)) {
                at = blank(text, at, lineEnd(text, at), plain);
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                at = blank(text, at, end < 0 ? text.length() : end + 2, plain);
            } else {
                quote = c == '"' || c == '\'' ? c : 0;
                plain.append(c == '\t' ? ' ' : c);
                at++;
            }
        }
        return plain.toString();
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static int blank(String text, int from, int to, StringBuilder plain) {
        for (int i = from; i < to; i++) {
            plain.append(text.charAt(i) == '\n' ? '\n' : ' ');
        }
        return to;
    }
}
