package dev.pointsman.docs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Every page of Markdown of the repository, and where their links lead. Immutable. */
final class Repository {
    /** Where a reader begins. */
    static final Path INDEX = Path.of("docs", "README.md");

    private static final Set<String> NOT_OURS = Set.of("target", "node_modules");

    private final Path root;
    private final Map<Path, MarkdownPage> pages;

    private Repository(Path root, Map<Path, MarkdownPage> pages) {
        this.root = root;
        this.pages = Collections.unmodifiableMap(pages);
    }

    /** Where a link leads within the repository. */
    record Destination(Path path, String anchor) {}

    static Repository read(Path root) throws IOException {
        Map<Path, MarkdownPage> pages = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes unusedAttributes) {
                String name = folder.equals(root) ? "" : folder.getFileName().toString();
                boolean isOurs = !name.startsWith(".") && !NOT_OURS.contains(name);
                return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes unusedAttributes) throws IOException {
                if (file.toString().endsWith(".md")) {
                    Path path = root.relativize(file);
                    pages.put(path, MarkdownPage.read(root, path));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return new Repository(root, pages);
    }

    Path root() {
        return root;
    }

    Map<Path, MarkdownPage> pages() {
        return pages;
    }

    MarkdownPage page(Path path) {
        MarkdownPage page = pages.get(path);
        if (page == null) {
            throw new IllegalArgumentException(path + " (expected: a page of the repository)");
        }
        return page;
    }

    /** Where a link leads; empty if out of the repository. A folder stands for its README, if it has one. */
    Optional<Destination> destination(MarkdownPage from, String link) {
        if (link.matches("[a-z]+:.*")) {
            return Optional.empty();
        }
        int hash = link.indexOf('#');
        String path = URI.create(hash < 0 ? link : link.substring(0, hash)).getPath();
        String anchor = hash < 0 ? "" : link.substring(hash + 1);
        Path target =
                path.isEmpty() ? from.path() : from.path().resolveSibling(path).normalize();
        Path readme = target.resolve("README.md");
        return Optional.of(new Destination(pages.containsKey(readme) ? readme : target, anchor));
    }

    /** The links of a page that lead nowhere, each with the reason. */
    List<String> deadLinks(MarkdownPage page) {
        List<String> dead = new ArrayList<>();
        for (String link : page.destinations()) {
            destination(page, link)
                    .flatMap(this::lack)
                    .ifPresent(lack -> dead.add(page.path() + ": " + link + ": " + lack));
        }
        return dead;
    }

    private Optional<String> lack(Destination destination) {
        if (destination.path().startsWith("..") || !Files.exists(root.resolve(destination.path()))) {
            return Optional.of("there is no such file");
        }
        MarkdownPage page = pages.get(destination.path());
        boolean isThere = destination.anchor().isEmpty()
                || (page != null && page.anchors().containsValue(destination.anchor()));
        return isThere ? Optional.empty() : Optional.of("there is no such heading");
    }

    /** The pages that a reader comes to from the index, in the order of its links, then of those of what they link. */
    Set<Path> reachable() {
        Set<Path> reached = new LinkedHashSet<>(List.of(INDEX));
        Deque<Path> next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            MarkdownPage page = page(next.remove());
            for (String link : page.destinations()) {
                destination(page, link)
                        .map(Destination::path)
                        .filter(pages::containsKey)
                        .filter(reached::add)
                        .ifPresent(next::add);
            }
        }
        return reached;
    }
}
