package dev.pointsman.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;

/**
 * The order in which docs/README.md has the pages: below each heading of the second level the first link of each item of a list.
 * Immutable.
 */
record ReadingOrder(List<Section> sections) {
    /** A part of the navigation. */
    record Section(String title, List<Entry> entries) {
        Section {
            entries = List.copyOf(entries);
        }
    }

    /** A page of the navigation. */
    record Entry(String title, Path path) {}

    ReadingOrder {
        sections = List.copyOf(sections);
    }

    static ReadingOrder of(Repository repository) {
        MarkdownPage index = repository.page(Repository.INDEX);
        List<Section> sections = new ArrayList<>();
        for (Node node = index.document().getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading && heading.getLevel() == 2) {
                sections.add(new Section(MarkdownPage.text(heading), entries(heading, index, repository)));
            }
        }
        return new ReadingOrder(sections);
    }

    private static List<Entry> entries(Heading heading, MarkdownPage index, Repository repository) {
        List<Entry> entries = new ArrayList<>();
        for (Node node = heading.getNext(); node != null && !isNextSection(node); node = node.getNext()) {
            node.accept(new AbstractVisitor() {
                @Override
                public void visit(ListItem item) {
                    firstLink(item)
                            .flatMap(link -> repository
                                    .destination(index, link.getDestination())
                                    .map(to -> new Entry(MarkdownPage.text(link), to.path())))
                            .filter(entry -> repository.pages().containsKey(entry.path()))
                            .ifPresent(entries::add);
                    visitChildren(item);
                }
            });
        }
        return entries;
    }

    private static boolean isNextSection(Node node) {
        return node instanceof Heading heading && heading.getLevel() <= 2;
    }

    private static Optional<Link> firstLink(ListItem item) {
        Node paragraph = item.getFirstChild();
        return paragraph != null && paragraph.getFirstChild() instanceof Link link
                ? Optional.of(link)
                : Optional.empty();
    }

    /** All pages, one after the other, each once. */
    List<Entry> pages() {
        List<Entry> pages = new ArrayList<>();
        for (Section section : sections) {
            for (Entry entry : section.entries()) {
                if (pages.stream().noneMatch(before -> before.path().equals(entry.path()))) {
                    pages.add(entry);
                }
            }
        }
        return pages;
    }
}
