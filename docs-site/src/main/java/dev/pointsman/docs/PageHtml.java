package dev.pointsman.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/** The content of pages as HTML, with links between the pages of the site. Immutable. */
final class PageHtml {
    private final Repository repository;
    private final Set<Path> written;

    /** @param written the pages that the site has */
    PageHtml(Repository repository, Set<Path> written) {
        this.repository = repository;
        this.written = written;
    }

    /** Where a page, or a file beside the pages, stands in the site. */
    static String file(Path path) {
        String name = path.toString();
        return name.endsWith(".md")
                ? name.replaceFirst("(^|/)README\\.md$", "$1index.md").replaceFirst("\\.md$", ".html")
                : name;
    }

    /** How a page refers to another one. */
    static String relative(Path from, String file) {
        Path folder = from.getParent();
        return folder == null ? file : folder.relativize(Path.of(file)).toString();
    }

    String of(MarkdownPage page) {
        return HtmlRenderer.builder()
                .extensions(MarkdownPage.EXTENSIONS)
                .attributeProviderFactory(
                        unusedContext -> (node, unusedTag, attributes) -> addAttributes(page, node, attributes))
                .nodeRendererFactory(Blocks::new)
                .build()
                .render(page.document());
    }

    private void addAttributes(MarkdownPage page, Node node, Map<String, String> attributes) {
        if (node instanceof Heading heading) {
            attributes.put("id", page.anchors().getOrDefault(heading, ""));
        } else if (node instanceof Link link) {
            attributes.put("href", href(page, link.getDestination()));
        } else if (node instanceof Image image) {
            attributes.put("src", href(page, image.getDestination()));
            attributes.put("loading", "lazy");
        }
    }

    /** A link as it is to be in the site: to a page, to a copied file, or out of it. */
    private String href(MarkdownPage page, String link) {
        Optional<Repository.Destination> destination = repository.destination(page, link);
        if (destination.isEmpty()) {
            return link;
        }
        Path path = destination.get().path();
        String anchor = destination.get().anchor().isEmpty()
                ? ""
                : "#" + destination.get().anchor();
        if (path.equals(page.path()) && !anchor.isEmpty()) {
            return anchor;
        }
        boolean isFolder = Files.isDirectory(repository.root().resolve(path));
        if (isFolder || (path.toString().endsWith(".md") && !written.contains(path))) {
            throw new IllegalArgumentException(page.path() + ": " + link + " (expected: a page or a file)");
        }
        return relative(page.path(), file(path)) + anchor;
    }

    /** Code as {@link CodeHtml} has it; comments are for those who write the pages. */
    private static final class Blocks implements NodeRenderer {
        private final HtmlNodeRendererContext context;

        Blocks(HtmlNodeRendererContext context) {
            this.context = context;
        }

        @Override
        public Set<Class<? extends Node>> getNodeTypes() {
            return Set.of(FencedCodeBlock.class, HtmlBlock.class, HtmlInline.class);
        }

        @Override
        public void render(Node node) {
            if (node instanceof FencedCodeBlock block) {
                String language = block.getInfo() == null ? "" : block.getInfo();
                context.getWriter().line();
                context.getWriter()
                        .raw("<pre tabindex=\"0\"><code class=\"language-" + CodeHtml.escape(language) + "\">"
                                + CodeHtml.of(language, block.getLiteral()) + "</code></pre>");
                context.getWriter().line();
            }
        }
    }
}
