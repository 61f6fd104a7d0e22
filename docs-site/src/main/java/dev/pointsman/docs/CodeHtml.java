package dev.pointsman.docs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of code as HTML: of a console block what is typed stands out, of others comments stand back. */
final class CodeHtml {
    private static final Pattern COMMENT = Pattern.compile("(?:^|(?<=\\s))(?:#|//) .*");

    private CodeHtml() {}

    static String of(String language, String text) {
        StringBuilder html = new StringBuilder();
        boolean goesOn = false;
        for (String line : text.stripTrailing().split("\n", -1)) {
            if (!language.equals("console")) {
                html.append(withComment(line)).append('\n');
            } else if (goesOn || line.startsWith("$ ")) {
                String typed = goesOn ? line : line.substring(2);
                html.append(goesOn ? "" : "<span class=\"prompt\">$ </span>")
                        .append("<kbd>")
                        .append(withComment(typed))
                        .append("</kbd>\n");
                goesOn = typed.endsWith("\\");
            } else {
                html.append("<samp>").append(escape(line)).append("</samp>\n");
            }
        }
        return html.toString();
    }

    private static String withComment(String line) {
        Matcher comment = COMMENT.matcher(line);
        return comment.find()
                ? escape(line.substring(0, comment.start())) + "<i>" + escape(comment.group()) + "</i>"
                : escape(line);
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
