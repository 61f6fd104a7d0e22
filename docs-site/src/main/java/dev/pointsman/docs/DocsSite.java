package dev.pointsman.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Writes the documentation as web pages, which need no server and nothing from elsewhere: {@code DocsSite REPOSITORY FOLDER}. The
 * same pages give the same bytes.
 */
public final class DocsSite {
    private static final List<String> ASSETS = List.of("site.css", "site.js");

    private final Repository repository;
    private final ReadingOrder order;
    private final Set<Path> pages;
    private final PageHtml html;

    private DocsSite(Repository repository) {
        this.repository = repository;
        order = ReadingOrder.of(repository);
        pages = repository.reachable();
        html = new PageHtml(repository, pages);
    }

    /** Arguments: the repository's folder, and the one to be written to. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("expected: REPOSITORY FOLDER");
        }
        int count = write(Path.of(args[0]), Path.of(args[1]));
        System.out.println(count + " pages in " + Path.of(args[1]).normalize() + "; begin with index.html");
    }

    /**
     * Writes all pages that a reader comes to from docs/README.md.
     *
     * @return how many
     */
    static int write(Path root, Path folder) throws IOException {
        DocsSite site = new DocsSite(Repository.read(root.normalize()));
        SearchIndex search = new SearchIndex();
        String template = asset("page.html");
        for (Path path : site.pages) {
            MarkdownPage page = site.repository.page(path);
            String file = PageHtml.file(path);
            search.add(page, file);
            write(folder.resolve(file), site.fill(template, page));
            site.copyLinkedFiles(page, folder);
        }
        for (String name : ASSETS) {
            write(folder.resolve(name), asset(name));
        }
        write(folder.resolve("search-index.js"), search.script());
        return site.pages.size();
    }

    private String fill(String template, MarkdownPage page) {
        String root = "../".repeat(page.path().getNameCount() - 1);
        return template.replace("{title}", CodeHtml.escape(page.title()))
                .replace("{root}", root)
                .replace("{navigation}", navigation(page))
                .replace("{neighbours}", neighbours(page))
                // Last: what it says about placeholders stays as it is.
                .replace("{content}", html.of(page));
    }

    private String navigation(MarkdownPage page) {
        StringBuilder text = new StringBuilder();
        for (ReadingOrder.Section section : order.sections()) {
            boolean isOpen =
                    section.entries().stream().anyMatch(entry -> entry.path().equals(page.path()));
            text.append("<details")
                    .append(isOpen ? " open" : "")
                    .append("><summary>")
                    .append(CodeHtml.escape(section.title()))
                    .append("</summary><ul>\n");
            for (ReadingOrder.Entry entry : section.entries()) {
                text.append("<li>")
                        .append(link(page, entry, entry.path().equals(page.path()) ? " aria-current=\"page\"" : "", ""))
                        .append("</li>\n");
            }
            text.append("</ul></details>\n");
        }
        return text.toString();
    }

    private String neighbours(MarkdownPage page) {
        List<ReadingOrder.Entry> all = order.pages();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).path().equals(page.path())) {
                text.append(i == 0 ? "" : link(page, all.get(i - 1), " rel=\"prev\"", "← "))
                        .append(i == all.size() - 1 ? "" : link(page, all.get(i + 1), " rel=\"next\"", ""));
            }
        }
        return text.toString();
    }

    private static String link(MarkdownPage from, ReadingOrder.Entry to, String attributes, String before) {
        return "<a href=\"" + PageHtml.relative(from.path(), PageHtml.file(to.path())) + "\"" + attributes + ">"
                + before + CodeHtml.escape(to.title()) + "</a>";
    }

    /** What pages show or link that is no page: pictures, files to be taken, sources. */
    private void copyLinkedFiles(MarkdownPage page, Path folder) throws IOException {
        for (String link : page.destinations()) {
            Path linked = repository
                    .destination(page, link)
                    .map(Repository.Destination::path)
                    .orElse(page.path());
            if (!linked.toString().endsWith(".md")) {
                Path copy = folder.resolve(linked);
                Files.createDirectories(copy.getParent());
                Files.write(copy, Files.readAllBytes(repository.root().resolve(linked)));
            }
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static String asset(String name) throws IOException {
        try (InputStream in = DocsSite.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
