package dev.pointsman.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A page as it was read. Its tree is not to be changed.
 *
 * @param path from the repository's root
 * @param anchors of its headings, in their order
 */
record MarkdownPage(Path path, Node document, String title, Map<Heading, String> anchors) {
    static final List<TablesExtension> EXTENSIONS = List.of((TablesExtension) TablesExtension.create());

    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

    static MarkdownPage read(Path root, Path path) throws IOException {
        Node document = PARSER.parse(Files.readString(root.resolve(path)));
        Map<Heading, String> anchors = new LinkedHashMap<>();
        Anchors names = new Anchors();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Heading heading) {
                anchors.put(heading, names.of(text(heading)));
            }

            @Override
            public void visit(HtmlBlock html) {
                refuse(path, html.getLiteral());
            }

            @Override
            public void visit(HtmlInline html) {
                refuse(path, html.getLiteral());
            }
        });
        String title =
                anchors.keySet().stream().map(MarkdownPage::text).findFirst().orElse(path.toString());
        return new MarkdownPage(path, document, title, anchors);
    }

    /** HTML of their own makes pages that git hosts and this site show in different ways. */
    private static void refuse(Path path, String html) {
        if (!html.startsWith("<!--")) {
            throw new IllegalArgumentException(path + ": " + html + " (expected: Markdown; of HTML, comments alone)");
        }
    }

    /** Where links and images lead, as they are written. */
    List<String> destinations() {
        List<String> destinations = new ArrayList<>();
        document.accept(new AbstractVisitor() {
            @Override
            public void visit(Link link) {
                destinations.add(link.getDestination());
                visitChildren(link);
            }

            @Override
            public void visit(Image image) {
                destinations.add(image.getDestination());
                visitChildren(image);
            }
        });
        return destinations;
    }

    /** The words of a part of a page, without what they look like. */
    static String text(Node node) {
        StringBuilder text = new StringBuilder();
        node.accept(new AbstractVisitor() {
            @Override
            public void visit(Text part) {
                text.append(part.getLiteral());
            }

            @Override
            public void visit(Code code) {
                text.append(code.getLiteral());
            }

            @Override
            public void visit(SoftLineBreak unusedBreak) {
                text.append(' ');
            }
        });
        return text.toString();
    }
}
