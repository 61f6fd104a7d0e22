package dev.pointsman.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Node;

/** What the search of the site looks in: one entry for each heading, with the words below it. For one thread. */
final class SearchIndex {
    private final List<String> entries = new ArrayList<>();

    /** @param file where the page stands in the site */
    void add(MarkdownPage page, String file) {
        String heading = page.title();
        String anchor = "";
        StringBuilder words = new StringBuilder();
        for (Node node = page.document().getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading next) {
                add(page, file, heading, anchor, words);
                heading = MarkdownPage.text(next);
                anchor = page.anchors().getOrDefault(next, "");
            } else if (!(node instanceof HtmlBlock)) {
                append(node, words);
            }
        }
        add(page, file, heading, anchor, words);
    }

    private void add(MarkdownPage page, String file, String heading, String anchor, StringBuilder words) {
        if (!words.isEmpty()) {
            entries.add("[" + quote(page.title()) + "," + quote(heading) + ","
                    + quote(anchor.isEmpty() ? file : file + "#" + anchor) + ","
                    + quote(words.toString().strip()) + "]");
            words.setLength(0);
        }
    }

    private static void append(Node node, StringBuilder words) {
        if (node instanceof FencedCodeBlock code) {
            words.append(code.getLiteral().replaceAll("\\s+", " ")).append(' ');
        } else if (node.getFirstChild() instanceof Block) {
            for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
                append(child, words);
            }
        } else {
            words.append(MarkdownPage.text(node)).append(' ');
        }
    }

    private static String quote(String text) {
        return text.chars()
                .mapToObj(c -> switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    case '<' -> "\\u003c";
                    default -> c < ' ' ? " " : Character.toString((char) c);
                })
                .collect(Collectors.joining("", "\"", "\""));
    }

    /** A script, and not JSON: pages that are opened as files may not fetch any. */
    String script() {
        return "window.searchIndex = [\n" + String.join(",\n", entries) + "\n];\n";
    }
}
