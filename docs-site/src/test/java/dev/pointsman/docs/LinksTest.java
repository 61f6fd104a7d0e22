package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a reader of the repository finds behind the links of its pages. */
class LinksTest {
    private static Repository repository;

    @BeforeAll
    static void read() throws IOException {
        repository = Repository.read(Path.of("..").toRealPath());
    }

    @Test
    void every_link_and_every_anchor_leads_somewhere() {
        List<String> dead = repository.pages().values().stream()
                .map(repository::deadLinks)
                .flatMap(Collection::stream)
                .toList();

        assertThat(dead).isEmpty();
    }

    @Test
    void every_page_is_reached_from_the_index() {
        Set<Path> missed = new TreeSet<>(repository.pages().keySet());
        missed.removeAll(repository.reachable());

        assertThat(missed).isEmpty();
    }

    /** Deeper pages, such as decisions and modules' own, are reached from a page that is. */
    @Test
    void every_page_of_docs_is_in_the_reading_order() {
        List<Path> ordered = ReadingOrder.of(repository).pages().stream()
                .map(ReadingOrder.Entry::path)
                .toList();

        assertThat(repository.pages().keySet())
                .filteredOn(path -> path.startsWith("docs") && !path.startsWith(Path.of("docs", "adr")))
                .filteredOn(path -> !path.equals(Repository.INDEX))
                .isSubsetOf(ordered);
    }
}
