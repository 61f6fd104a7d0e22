package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site of this repository's own pages. */
class DocsSiteTest {
    private static final Pattern REFERENCE = Pattern.compile("\\b(href|src)=\"([^\"]*)\"");

    @TempDir
    private static Path site = Path.of(".");

    @BeforeAll
    static void write() throws IOException {
        DocsSite.write(Path.of("..").toRealPath(), site);
    }

    private static Map<String, String> texts(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(folder.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }

    @Test
    void the_same_pages_give_the_same_bytes(@TempDir Path again) throws IOException {
        DocsSite.write(Path.of("..").toRealPath(), again);

        assertThat(texts(again)).isEqualTo(texts(site));
    }

    @Test
    void every_reference_is_there() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> page : texts(site).entrySet()) {
            Matcher reference = REFERENCE.matcher(page.getKey().endsWith(".html") ? page.getValue() : "");
            while (reference.find()) {
                String[] parts = reference.group(2).split("#", 2);
                if (parts[0].matches("[a-z]+:.*")) {
                    continue;
                }
                Path file = parts[0].isEmpty()
                        ? site.resolve(page.getKey())
                        : site.resolve(page.getKey()).resolveSibling(parts[0]);
                boolean isThere = Files.isRegularFile(file)
                        && (parts.length < 2 || Files.readString(file).contains("id=\"" + parts[1] + "\""));
                if (!isThere) {
                    missing.add(page.getKey() + ": " + reference.group(2));
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void nothing_is_loaded_from_elsewhere() throws IOException {
        for (Map.Entry<String, String> file : texts(site).entrySet()) {
            if (file.getKey().endsWith(".html")) {
                assertThat(file.getValue())
                        .as(file.getKey())
                        .doesNotContainPattern("src=\"[a-z]+:")
                        .doesNotContainPattern("<link [^>]*href=\"http");
            } else if (file.getKey().matches("site\\.(css|js)")) {
                assertThat(file.getValue()).as(file.getKey()).doesNotContainPattern("@import|url\\(|fetch\\(|https?:");
            }
        }
    }

    @Test
    void pages_have_the_navigation_and_their_neighbours() throws IOException {
        String second = Files.readString(site.resolve("docs/tutorial/2-registry-and-scaling.html"));

        assertThat(second)
                .contains("<a href=\"1-several-instances.html\" rel=\"prev\">← 1. Several instances and a balancer</a>")
                .contains("<a href=\"3-crash-and-deploy.html\" rel=\"next\">3. A crash and a deploy</a>")
                .contains("<a href=\"2-registry-and-scaling.html\" aria-current=\"page\">")
                .contains("<details open><summary>Tutorial</summary>")
                .contains("<a href=\"../configuration.html\">Settings of the balancer</a>");
    }

    @Test
    void what_is_typed_stands_out_and_comments_for_writers_are_gone() throws IOException {
        String first = Files.readString(site.resolve("docs/tutorial/1-several-instances.html"));

        assertThat(first)
                .contains("<span class=\"prompt\">$ </span><kbd>curl localhost:3001</kbd>\n"
                        + "<samp>api-service response from 4711</samp>")
                .doesNotContain("console:");
    }

    @Test
    void the_search_knows_headings_and_what_stands_below_them() throws IOException {
        assertThat(Files.readString(site.resolve("search-index.js")))
                .contains("[\"Which instance a request goes to\",\"Slow start\",\"docs/policies.html#slow-start\",");
    }

    @Test
    void a_page_with_html_of_its_own_is_refused(@TempDir Path root) throws IOException {
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(root.resolve(Repository.INDEX), "# A\n\n<div>b</div>\n");

        assertThatThrownBy(() -> DocsSite.write(root, root.resolve("site")))
                .hasMessageContaining("docs/README.md: <div>b</div>");
    }
}
